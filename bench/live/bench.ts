/** A bench from its beginning to its end: where Ctrl-C or a fault comes first, what it had begun is ended, and one sentence says why. */
import { InputError } from '../../core/input-error.ts';
import { signalled } from '../../live/signal.ts';
import { BAD_INPUT } from '../../live/types.ts';

/** What a shell expects of a command that Ctrl-C ended. */
const INTERRUPTED = 130;
const FAILED = 1;

const interruption = new AbortController();

/** Aborted by Ctrl-C or another signal to end: for whatever is waited for. */
export const interrupted = interruption.signal;

/** Runs it; it ends what it has begun in its own `finally`, and gives `interrupted` to what takes long. */
export async function bench(run: () => Promise<void>): Promise<void> {
  void signalled().then(() => {
    interruption.abort();
  });
  try {
    await run();
  } catch (error) {
    process.exitCode = interrupted.aborted ? INTERRUPTED : error instanceof InputError ? BAD_INPUT : FAILED;
    if (!interrupted.aborted)
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
}
