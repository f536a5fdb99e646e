/** Who the gateway runs as when the supervisor is root: whoever called sudo, or nobody. */
import { statSync } from 'node:fs';
import { dirname } from 'node:path';

export interface User {
  readonly uid: number;
  readonly gid: number;
}

const NOBODY: User = { uid: 65_534, gid: 65_534 };
const OWNER_MAY_ENTER = 0o100;
const OTHERS_MAY_ENTER = 0o001;

/**
 * Undefined when this process has no privileges to drop; null when it has, but the user could not reach one of the
 * files, so that the gateway must keep them.
 */
export function unprivilegedUser(files: readonly string[]): User | null | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const { SUDO_UID: uid = '0', SUDO_GID: gid = '0' } = process.env;
  const user = uid === '0' ? NOBODY : { uid: Number(uid), gid: Number(gid) };
  return files.every((file) => canReach(dirname(file), user)) ? user : null;
}

function canReach(directory: string, user: User): boolean {
  const { mode, uid } = statSync(directory);
  const needed = uid === user.uid ? OWNER_MAY_ENTER : OTHERS_MAY_ENTER;
  if ((mode & needed) === 0) return false;
  return directory === dirname(directory) || canReach(dirname(directory), user);
}
