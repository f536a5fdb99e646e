/** Keys from a file or standard input: a line each, as bytes, without a limit on their number. */
import { createReadStream, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { InputError } from '../../core/input-error.ts';

const NEWLINE = 0x0a;

/** The file's bytes as they come; `-` is standard input. */
function open(path: string): Readable {
  if (path === '-') return process.stdin;
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new InputError(`There is no file '${path}' to read keys from.`);
  if (found.isDirectory()) throw new InputError(`'${path}' is a folder, and keys are read from a file.`);
  return createReadStream(path, { highWaterMark: 1 << 18 });
}

/**
 * The keys of each piece that was read, in order. A newline ends a key and is none of it; a last line without one
 * counts. Everything else is the key: carriage returns, blanks, bytes that are no UTF-8, and nothing at all.
 * @throws InputError when there is not one key
 */
export async function* keyLines(path: string): AsyncGenerator<readonly Uint8Array[]> {
  let pending: Buffer[] = [];
  let any = false;
  for await (const chunk of open(path) as AsyncIterable<Buffer>) {
    const keys: Uint8Array[] = [];
    let from = 0;
    for (let to; (to = chunk.indexOf(NEWLINE, from)) >= 0; from = to + 1) {
      const rest = chunk.subarray(from, to);
      keys.push(pending.length === 0 ? rest : Buffer.concat([...pending, rest]));
      pending = [];
    }
    if (from < chunk.length) pending.push(chunk.subarray(from));
    any ||= keys.length > 0;
    yield keys;
  }
  if (pending.length > 0) yield [Buffer.concat(pending)];
  else if (!any) throw new InputError(`There is no key in ${path === '-' ? 'standard input' : `'${path}'`}.`);
}
