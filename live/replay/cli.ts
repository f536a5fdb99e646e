/** `lab.ts replay FILE`: says in one line whether core decides today as it did in the recorded run. */
import { access, constants, stat } from 'node:fs/promises';
import { Command } from 'commander';
import { InputError } from '../../core/input-error.ts';
import { replay } from './replay.ts';
import type { Replay } from './replay.ts';

/** The command; its exit code is 0 when every pick is the same, 1 when one differs. */
export function replayCommand(): Command {
  return new Command('replay')
    .argument('<file>', 'a recording made with --record')
    .action(async (file: string) => {
      const readable = await access(file, constants.R_OK).then(
        async () => (await stat(file)).isFile(),
        () => false,
      );
      if (!readable) throw new InputError(`The recording '${file}' cannot be read.`);
      const found = await replay(file);
      process.stdout.write(`${verdict(found)}\n`);
      if (found.mismatch) process.exitCode = 1;
    });
}

/** The outcome as one sentence. */
export function verdict({ counts, policies, mismatch, truncated }: Replay): string {
  const cut = truncated ? ' The last line was cut off and is left out.' : '';
  if (mismatch) {
    const { line, event, replayed } = mismatch;
    return `Differs at line ${line}: ${JSON.stringify(event)} was recorded, the replay picked ${replayed} (pick ${counts.p + counts.o}).${cut}`;
  }
  const also = [
    many(counts.j, 'joining', 'joinings'),
    many(counts.l, 'leaving', 'leavings'),
    many(counts.b, 'swap', 'swaps'),
  ].join(', ');
  return `The same: ${many(counts.p + counts.o, 'pick', 'picks')} of ${policies.join(', then ')} (${also}).${cut}`;
}

function many(n: number, one: string, more: string): string {
  return `${n.toLocaleString('en')} ${n === 1 ? one : more}`;
}
