/** A folder of files that is there whole or not at all. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { makeFolder } from '../../sim/cli/make-folder.ts';

const interrupts = ['SIGINT', 'SIGTERM'] as const;

/** Writes beside the target first, then puts the new folder in the place of the old one. */
export async function replaceFolder(
  target: string,
  files: ReadonlyMap<string, string | Buffer>,
): Promise<void> {
  const part = join(dirname(target), `.${basename(target)}.part`);
  const old = join(dirname(target), `.${basename(target)}.old`);
  const stop = (): void => {
    rmSync(part, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
    process.exit(130);
  };
  // Held only here: elsewhere Ctrl-C must end a long computation at once, and there is nothing to tidy.
  for (const signal of interrupts) process.on(signal, stop);
  try {
    write(target, part, old, files);
    // A signal that came meanwhile is handed over when the event loop polls. After a first turn, which may be the
    // rest of one that has polled already, a second one does.
    await setImmediate();
    await setImmediate();
  } finally {
    for (const signal of interrupts) process.off(signal, stop);
    rmSync(part, { recursive: true, force: true });
  }
}

function write(target: string, part: string, old: string, files: ReadonlyMap<string, string | Buffer>): void {
  for (const leftover of [part, old]) rmSync(leftover, { recursive: true, force: true });
  makeFolder(part);
  for (const [name, content] of files) writeFileSync(join(part, name), content);
  makeFolder(target);
  renameSync(target, old);
  renameSync(part, target);
  rmSync(old, { recursive: true });
}
