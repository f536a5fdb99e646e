/** Lookups of the same kind in Java and Go, where these are installed: one file each in peers/, run beside the lab's. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Speed } from './measure.ts';

/** A program of another language. */
interface Peer {
  readonly name: string;
  readonly version: readonly [string, ...string[]];
  readonly run: readonly [string, ...string[]];
}

/** Numbers of servers for each scheme. */
const SCHEMES = { ring: [3, 1000], jump: [3, 1000, 100_000] } as const;
const MOST_MS = 120_000;

const path = (file: string): string => fileURLToPath(new URL(`peers/${file}`, import.meta.url));

const peers: readonly Peer[] = [
  { name: 'Java', version: ['java', '-version'], run: ['java', path('Lookups.java')] },
  { name: 'Go', version: ['go', 'version'], run: ['go', 'run', path('lookups.go')] },
];

function output([command, ...args]: readonly [string, ...string[]]): string | null {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', timeout: MOST_MS });
  return status === 0 ? stdout : null;
}

/** Speeds by a row's name, or a sentence where the language is not there. They hash integers by Murmur3's finaliser. */
export function* elsewhere(): Generator<{ name: string; speeds: Speed[] } | string> {
  for (const { name, version, run } of peers) {
    if (output(version) === null) {
      yield `${name} is not installed here, so its ring and jump hash were not measured.`;
      continue;
    }
    for (const [scheme, sizes] of Object.entries(SCHEMES)) {
      const row = `${name} ${scheme}`;
      const out = output([...run, scheme, ...sizes.map(String)]);
      if (out === null) yield `${row} could not be run.`;
      else yield { name: row, speeds: out.trim().split('\n').map((line, i) => ({ name: row, servers: sizes[i], keys: 'integers', perSecond: Number(line) })) }; // prettier-ignore
    }
  }
}
