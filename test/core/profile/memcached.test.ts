/** memcached's clients, key for key: what libketama, libmemcached, twemproxy and spymemcached answered. */
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../core/profile/bytes-hash.ts';
import { javaHashes } from '../../../core/profile/memcached/hashes.ts';
import { searches } from '../../../core/profile/memcached/spymemcached.ts';
import { serverLine } from '../../../core/profile/servers.ts';
import type { ProfileOptions, Scheme, ServerLine } from '../../../core/profile/types.ts';
import { tables } from '../../../core/tables.ts';
import { allKeys, answers, golden } from './vectors.ts';

interface Listed {
  readonly addr?: string;
  readonly memory?: number;
  readonly host?: string;
  readonly port?: number;
  readonly weight?: number;
}
interface Case {
  readonly name: string;
  readonly system: string;
  readonly behaviours?: { readonly distribution: string; readonly hash: string };
  readonly config?: { readonly distribution?: string; readonly hash: string; readonly format?: string };
  readonly servers: readonly (Listed | string)[];
  readonly answer: readonly number[];
  readonly fallback_sequence_first_50_keys?: readonly (readonly number[])[];
}
interface SpyTest {
  readonly test: string;
  readonly servers: readonly string[];
  readonly weights: readonly number[] | null;
  readonly format: string;
  readonly expected: readonly (readonly [string, string])[];
}

const { cases } = golden('ketama-memcached-family') as { cases: readonly Case[] };
const { tests } = golden('ketama-spymemcached-tests') as { tests: readonly SpyTest[] };

function lineOf(server: Listed | string): ServerLine {
  if (typeof server !== 'string') {
    const address = server.addr ?? `${server.host ?? ''}:${server.port ?? ''}`;
    return serverLine(address, { weight: server.memory ?? server.weight });
  }
  const [host, port, weight = '1'] = server.split(':');
  return serverLine(`${host}:${port}`, { weight: Number(weight) });
}

const DISTRIBUTIONS: Readonly<Record<string, string>> = {
  KETAMA_WEIGHTED: 'ketama-weighted',
  CONSISTENT_KETAMA: 'ketama',
  CONSISTENT: 'consistent',
  CONSISTENT_KETAMA_SPY: 'ketama-spy',
  MODULA: 'modula',
};

function profileOf({ system, behaviours, config }: Case): [string, ProfileOptions] {
  if (system.includes('libketama')) return ['libketama', {}];
  if (behaviours) {
    const hash = behaviours.hash.replace('DEFAULT ', '').toLowerCase();
    return ['libmemcached', { distribution: DISTRIBUTIONS[behaviours.distribution], hash }];
  }
  const { distribution, hash = '', format } = config ?? {};
  if (system.startsWith('twemproxy')) return ['twemproxy', { distribution, hash }];
  if (format === 'ARRAYMOD') return ['spymemcached', { locator: 'array', hash }];
  return ['spymemcached', { hash, format }];
}

function make(name: string, options: ProfileOptions, servers: readonly ServerLine[]): Scheme {
  return tables.profiles.choose(name).entry.make([])(servers, options);
}

describe('memcached clients', () => {
  it.each(cases)('answer as recorded: $name', (recorded) => {
    const scheme = make(...profileOf(recorded), recorded.servers.map(lineOf));
    expect(answers(scheme, allKeys)).toEqual(recorded.answer);
  });

  const searched = cases.filter((c) => c.fallback_sequence_first_50_keys && c.config?.format !== 'ARRAYMOD');
  it.each(searched)('search on as recorded: $name', (recorded) => {
    const scheme = make(...profileOf(recorded), recorded.servers.map(lineOf));
    const sequences = recorded.fallback_sequence_first_50_keys ?? [];
    for (const [i, sequence] of sequences.entries()) {
      const key = utf8(allKeys[i]);
      expect(scheme.fallbacks(key, 7)).toEqual([...new Set(sequence)]);
      expect(searches(key, javaHashes.KETAMA_HASH, () => 0)).toHaveLength(sequence.length);
    }
  });
});

describe('spymemcached', () => {
  it.each(tests)('passes its own $test', ({ servers, weights, format, expected }) => {
    const lines = servers.map((name, i) =>
      serverLine(name, { weight: weights?.[i] ?? 1, hashText: name.replace(/^127\.0\.0\.1:/, 'localhost:') }),
    );
    const scheme = make('spymemcached', { format }, lines);
    const found = expected.map(([key]) => [key, servers[scheme.locate(utf8(key))]]);
    expect(found).toEqual(expected);
  });
});

describe('twemproxy', () => {
  const lines = ['a:1', 'b:1', 'c:1', 'd:1'].map((name) => serverLine(name));
  const owners = (options: ProfileOptions, keys: readonly string[]): number[] =>
    keys.map((key) => make('twemproxy', options, lines).locate(utf8(key)));

  it('hashes what stands between the characters of hash_tag, or all where that is nothing', () => {
    const whole = owners({}, ['42', 'user:{}:x', 'user:{42', 'x}42{']);
    expect(owners({ hash_tag: '{}' }, ['user:{42}:x', 'user:{}:x', 'user:{42', 'x}42{'])).toEqual(whole);
    expect(owners({ hash_tag: '$$' }, ['user:$42$:x'])).toEqual(whole.slice(0, 1));
    expect(() => owners({ hash_tag: '{' }, ['x'])).toThrow(/two characters/);
  });

  it('has crc16, which libmemcached has not', () => {
    expect(owners({ hash: 'crc16', distribution: 'modula' }, ['123456789'])).toEqual([0xbb3d % 4]);
    expect(() => make('libmemcached', { hash: 'crc16' }, lines)).toThrow(/no hash 'crc16'/);
  });
});
