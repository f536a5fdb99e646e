/** Bad input to a bench: one sentence, and the exit code for it. */
import { BAD_INPUT } from '../../live/types.ts';

/** Says what was wrong, and ends the process. */
export function refuse(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(BAD_INPUT);
}
