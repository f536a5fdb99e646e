/** What this copy of the lab is: its version, the libraries that its numbers depend on, and its commit. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Made } from '../../core/provenance.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Random streams and digests: everything else that a result is made of is the lab's own. */
const DECISIVE = ['@noble/hashes', 'seedrandom'];

let known: Made | undefined;

/** Reads versions and commit, once a process. */
export function made(): Made {
  return (known ??= { versions: versions(), commit: commit() });
}

function versions(): Made['versions'] {
  const { version, dependencies } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as {
    version: string;
    dependencies: Record<string, string>;
  };
  return { evenly: version, ...Object.fromEntries(DECISIVE.map((name) => [name, dependencies[name]])) };
}

/** The commit of the project's own folder, with `-dirty` behind it where tracked files differ, or `unknown`. */
export function commit(): string {
  try {
    // Unpacked without its history inside some other repository, the project has no commit.
    if (git('rev-parse', '--show-prefix') !== '') return 'unknown';
    return git('describe', '--always', '--dirty', '--abbrev=40', '--exclude=*');
  } catch {
    return 'unknown';
  }
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}
