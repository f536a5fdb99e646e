/** The control socket's place in the file system: a directory that only its owner can write to. */
import { chownSync, chmodSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputError } from '../../core/input-error.ts';

/** What a socket is called until it listens. */
export const UNTIL_IT_LISTENS = '.n';
/** Bytes that the address of a Unix domain socket can hold (unix(7)), of which that takes some. */
const LONGEST = 107 - UNTIL_IT_LISTENS.length;

/** Makes the directory where it is missing. @throws InputError when the path cannot be a safe place */
export function prepareSocket(path: string): void {
  if (Buffer.byteLength(path) > LONGEST) {
    throw new InputError(
      `--control is ${Buffer.byteLength(path)} bytes long, but a socket's path has at most ${LONGEST}.`,
    );
  }
  const directory = dirname(path);
  mkdirSync(directory, { recursive: true, mode: 0o711 });
  const { uid } = statSync(directory);
  const own = process.getuid?.() ?? uid;
  if (uid !== own && own !== 0 && uid !== 0) {
    throw new InputError(`${directory} belongs to another user: name another place by --control.`);
  }
}

/** Lets the group of a gateway without privileges connect. */
export function admit(path: string, gid: number): void {
  chownSync(path, process.getuid?.() ?? 0, gid);
  chmodSync(path, 0o660);
}
