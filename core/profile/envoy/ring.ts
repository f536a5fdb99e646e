/** Envoy's ring: entries in proportion to weight, sorted by 64-bit hashes (ring_hash_lb.cc). */
import { digits, murmur64, xx64 } from './hash64.ts';
import type { Hosts } from './hosts.ts';
import type { Table } from './scheme.ts';

/** Entries are packed under the top 30 bits of their hash into the 53 bits of a double. */
const ENTRIES = 1 << 23;

/** What `ring_hash_lb_config` sets. */
export interface RingOptions {
  readonly minimum: number;
  readonly maximum: number;
  readonly murmur: boolean;
}

/** Entries in ascending order of their hashes. */
export interface Ring extends Table {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
  readonly owners: Int32Array;
}

/** Builds the ring of those hosts that take requests. */
export function ringOf(hosts: Hosts, { minimum, maximum, murmur }: RingOptions): Ring {
  const shares = hosts.shares();
  const least = Math.min(...shares.map(({ weight }) => weight));
  const scale = shares.length === 0 ? 0 : Math.min(Math.ceil(least * minimum) / least, maximum);
  const size = Math.ceil(scale) + shares.length;
  const [low, high, owners] = [new Uint32Array(size), new Uint32Array(size), new Int32Array(size)];
  const hash = murmur ? murmur64 : xx64;
  const out = new Uint32Array(2);
  let entries = 0;
  let target = 0;
  for (const { server, weight } of shares) {
    target += scale * weight; // running sums, so that a host may get no entry at all
    for (let i = 0; entries < target; i++, entries++) {
      hash(`${hosts.text(server)}_${i}`, out);
      [low[entries], high[entries], owners[entries]] = [out[0], out[1], server];
    }
  }
  return sorted(low.subarray(0, entries), high.subarray(0, entries), owners.subarray(0, entries));
}

function sorted(low: Uint32Array, high: Uint32Array, owners: Int32Array): Ring {
  const packed = Float64Array.from(high, (h, i) => (h >>> 2) * ENTRIES + i).sort();
  const order = Int32Array.from(packed, (both) => both % ENTRIES);
  const above = (a: number, b: number): boolean =>
    high[a] > high[b] || (high[a] === high[b] && low[a] > low[b]);
  for (let i = 1; i < order.length; i++) {
    const moved = order[i];
    let to = i;
    for (; to > 0 && above(order[to - 1], moved); to--) order[to] = order[to - 1];
    order[to] = moved;
  }
  const by = <T extends Uint32Array | Int32Array>(values: T): T =>
    values.map((_, i) => values[order[i]]) as T;
  return table(by(low), by(high), by(owners));
}

function table(low: Uint32Array, high: Uint32Array, owners: Int32Array): Ring {
  function firstAtLeast([hashLow, hashHigh]: Uint32Array): number {
    let from = 0;
    let to = owners.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      const below = high[middle] < hashHigh || (high[middle] === hashHigh && low[middle] < hashLow);
      if (below) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  return {
    low,
    high,
    owners,
    unit: 'entry',
    size: owners.length,
    index: (hash, attempt) => ((firstAtLeast(hash) % owners.length) + attempt) % owners.length,
    position: (index) => digits(Uint32Array.of(low[index], high[index])),
    server: (index) => owners[index],
  };
}
