/** Who the gateway runs as when the supervisor is root: whoever called sudo, or nobody. */
import { statSync } from 'node:fs';
import { dirname } from 'node:path';

export interface User {
  readonly uid: number;
  readonly gid: number;
}

const NOBODY: User = { uid: 65_534, gid: 65_534 };
const OTHERS_MAY_ENTER = 0o001;

/** Undefined when this process has no privileges to drop, or the user could not read the file. */
export function unprivilegedUser(file: string): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const { SUDO_UID, SUDO_GID } = process.env;
  if (SUDO_UID !== undefined && SUDO_UID !== '0') return { uid: Number(SUDO_UID), gid: Number(SUDO_GID) };
  return openToAll(dirname(file)) ? NOBODY : undefined;
}

function openToAll(directory: string): boolean {
  if ((statSync(directory).mode & OTHERS_MAY_ENTER) === 0) return false;
  return directory === dirname(directory) || openToAll(dirname(directory));
}
