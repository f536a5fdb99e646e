/** What a run was made by: versions and commit. Neither time nor place, so that a repeated run gives the same bytes. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { version as vega } from 'vega';
import { version as vegaLite } from 'vega-lite';

/** Stands in every `run.json`. */
export interface Stamp {
  readonly versions: Readonly<Record<string, string>>;
  /** The hash, with `-dirty` behind it where tracked files differ, or `unknown` without git. */
  readonly commit: string;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Reads versions and commit. */
export function stamp(): Stamp {
  const evenly = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { version: string };
  return { versions: { evenly: evenly.version, vega, 'vega-lite': vegaLite }, commit: commit() };
}

function commit(): string {
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
