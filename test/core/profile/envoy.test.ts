/** Envoy: the tables, lookups and counts of its own unit tests. */
import { describe, expect, it } from 'vitest';
import { shuffled, withRoom } from '../../../core/policy/bounded-load-envoy.ts';
import { utf8 } from '../../../core/profile/bytes-hash.ts';
import { digits } from '../../../core/profile/envoy/hash64.ts';
import { hostsOf } from '../../../core/profile/envoy/hosts.ts';
import type { Hosts } from '../../../core/profile/envoy/hosts.ts';
import { maglevOf } from '../../../core/profile/envoy/maglev.ts';
import { ringOf } from '../../../core/profile/envoy/ring.ts';
import type { Table } from '../../../core/profile/envoy/scheme.ts';
import { serverLine } from '../../../core/profile/servers.ts';
import { tables } from '../../../core/tables.ts';
import { golden } from './vectors.ts';

interface Host {
  readonly key: string;
  readonly weight?: number;
  readonly locality_weight?: number;
}
interface Test {
  readonly test: string;
  readonly kind: string;
  readonly hosts: readonly Host[];
  readonly hash_function?: string;
  readonly minimum_ring_size: number;
  readonly maximum_ring_size: number;
  readonly table_size: number;
  readonly table?: readonly number[];
  readonly ring?: readonly (readonly [string, string])[];
  readonly ring_entries?: readonly (readonly [string, string])[];
  readonly stats?: Readonly<Partial<Record<string, number>>>;
  readonly lookups?: readonly { readonly hash: string; readonly attempt: number; readonly host: string }[];
  readonly counts?: { readonly n: number; readonly expected: Readonly<Record<string, number>> };
}
interface BoundedCase {
  readonly name: string;
  readonly hosts: number;
  readonly overloaded?: readonly number[];
  readonly overload_factors?: readonly number[];
  readonly hash: number;
  readonly first_choice: number;
  readonly expected: number;
}
interface File {
  readonly tests: readonly Test[];
  readonly bounded_load: {
    readonly shuffle_sequences_5_hosts: Readonly<Record<string, readonly number[]>>;
    readonly cases: readonly BoundedCase[];
  };
}

const file = golden('envoy-ringhash-maglev') as File;

/** Hosts of a test; each is a locality of its own, but for those that share one weight in the tests of both weights. */
function hosts({ test, hosts: listed }: Test): Hosts {
  const expanded = listed.flatMap((host) => {
    const range = /^(.*:)1 \.\. .*:1023 in/.exec(host.key);
    if (!range) return [{ ...host, key: host.key.split(' ')[0] }];
    return Array.from({ length: 1023 }, (_, i) => ({ ...host, key: `${range[1]}${i + 1}` }));
  });
  const shared = /HostAndLocality|Lopsided/.test(test);
  const lines = expanded.map(({ key, weight = 1, locality_weight: of }) =>
    serverLine(key, {
      weight,
      ...(of !== undefined && { locality: { name: shared ? `${of}` : key, weight: of } }),
    }),
  );
  return hostsOf(lines, 50);
}

const lanes = (hash: bigint): Uint32Array => Uint32Array.of(Number(hash & 0xffffffffn), Number(hash >> 32n));
const tableOf = (test: Test, of: Hosts): Table & { readonly owners: Int32Array } =>
  test.kind === 'maglev'
    ? maglevOf(of, test.table_size)
    : ringOf(of, {
        minimum: test.minimum_ring_size,
        maximum: test.maximum_ring_size,
        murmur: test.hash_function === 'MURMUR_HASH_2',
      });

describe.each(file.tests)('$test', (test) => {
  const of = hosts(test);
  const table = tableOf({ ...test, table_size: test.table_size || (test.table?.length ?? 65_537) }, of);
  const name = (index: number): string => of.servers[table.server(index)].name;

  it('has the entries of the original', () => {
    const all = [...table.owners.keys()].map((i) => [String(table.position(i)), name(i)]);
    if (test.ring) expect(all).toEqual(test.ring);
    if (test.table) expect([...table.owners]).toEqual(test.table);
    for (const entry of test.ring_entries ?? []) expect(all).toContainEqual(entry);
  });

  it('has as many of each host', () => {
    const counts = of.servers.map((_, i) => table.owners.filter((owner) => owner === i).length);
    const weighed = counts.filter((_, i) => of.servers[i].locality?.weight !== 0);
    const { size, min_hashes_per_host: least, max_hashes_per_host: most } = test.stats ?? {};
    const { min_entries_per_host: fewest = least, max_entries_per_host: mostEntries = most } =
      test.stats ?? {};
    if (size !== undefined) expect(table.owners).toHaveLength(size);
    if (fewest !== undefined)
      expect([Math.min(...weighed), Math.max(...weighed)]).toEqual([fewest, mostEntries]);
  });

  it('finds the hosts of the original, retries included', () => {
    for (const { hash, attempt, host } of test.lookups ?? [])
      expect([hash, attempt, name(table.index(lanes(BigInt(hash)), attempt))]).toEqual([hash, attempt, host]);
    if (!test.counts) return;
    const { n, expected } = test.counts;
    const found = Object.fromEntries(Object.keys(expected).map((host) => [host, 0]));
    const step = (2n ** 64n - 1n) / BigInt(n);
    for (let i = 0n; i < n; i++) found[name(table.index(lanes(i * step), 0))]++;
    expect(found).toEqual(expected);
  });
});

describe('bounded load', () => {
  it.each(Object.entries(file.bounded_load.shuffle_sequences_5_hosts))(
    'shuffles as the original under %s',
    (seed, order) => {
      expect(shuffled(5, Number(seed))).toEqual(order);
    },
  );

  it.each(file.bounded_load.cases)('goes where the original does: $name $hash', (recorded) => {
    const { hosts: n, overloaded, overload_factors: factors, hash, first_choice: first, expected } = recorded;
    const shares = Array.from({ length: n }, (_, server) => ({ server, weight: 1 / n }));
    const overload = ({ server }: { server: number }): number =>
      factors?.[server] ?? (overloaded?.includes(server) ? 2 : 0);
    expect(withRoom(shares[first], hash, shares, overload)).toBe(expected);
  });

  it('keeps every host at its slots plus one, and goes home when the load has gone', () => {
    const names = ['10.0.0.1:80', '10.0.0.2:80', '10.0.0.3:80', '10.0.0.4:80'];
    const scheme = tables.profiles.choose('envoy-ring-hash').entry.make([])(
      names.map((name) => serverLine(name)),
      { factor: 100 },
    );
    const held = [0, 0, 0, 0];
    const key = utf8('hot');
    const home = scheme.pick(key);
    for (let i = 0; i < 100; i++) {
      const server = scheme.pick(key);
      scheme.started(server);
      held[server]++;
    }
    expect(Math.max(...held)).toBeLessThanOrEqual(26);
    for (const [server, count] of held.entries()) for (let i = 0; i < count; i++) scheme.finished(server);
    expect(scheme.pick(key)).toBe(home);
  });
});

describe('panic', () => {
  const names = ['10.0.0.1:80', '10.0.0.2:80', '10.0.0.3:80'];
  it('ignores health when fewer than half are healthy, and not before', () => {
    const make = tables.profiles.choose('envoy-maglev').entry.make([]);
    const scheme = make(names.map((name) => serverLine(name)));
    const owners = (): number =>
      new Set(Array.from({ length: 200 }, (_, i) => scheme.locate(utf8(`k${i}`)))).size;
    scheme.setDown(0, true);
    expect(owners()).toBe(2);
    scheme.setDown(1, true);
    expect(owners()).toBe(3);
    expect(scheme.explain(utf8('k')).notes.join()).toMatch(/panic/);
  });

  it('hashes keys as digits that no number rounds', () => {
    expect(digits(Uint32Array.of(0xffffffff, 0xffffffff))).toBe('18446744073709551615');
  });
});
