/** Envoy's Maglev table: hosts in the order of their keys take free positions, heavy ones more often (maglev_lb.cc). */
import { modulo, xx64, xx64Seeded } from './hash64.ts';
import type { Hosts } from './hosts.ts';
import type { Table } from './scheme.ts';

interface Filler {
  readonly server: number;
  readonly weight: number;
  readonly offset: number;
  readonly skip: number;
  target: number;
  next: number;
}

/** The table, laid open. */
export interface Maglev extends Table {
  readonly owners: Int32Array;
}

/** Fills a table of `size` (a prime) with those hosts that take requests. */
export function maglevOf(hosts: Hosts, size: number): Maglev {
  const owners = new Int32Array(size).fill(-1);
  const shares = hosts.shares();
  const most = Math.max(...shares.map(({ weight }) => weight));
  const fillers = shares
    .map(({ server, weight }) => fillerOf(hosts, server, weight, size))
    .sort(byText(hosts));
  for (let turn = 1, filled = 0; filled < size && fillers.length > 0; turn++) {
    for (const filler of fillers) {
      if (filled === size) break;
      if (turn * filler.weight < filler.target) continue;
      filler.target += most;
      owners[freePosition(filler, owners)] = filler.server;
      filled++;
    }
  }
  return {
    owners,
    unit: 'slot',
    size: fillers.length === 0 ? 0 : size,
    index: ([low, high], attempt) => indexOf(low, high, attempt, size),
    position: (index) => index,
    server: (index) => owners[index],
  };
}

function fillerOf(hosts: Hosts, server: number, weight: number, size: number): Filler {
  const [first, second] = [new Uint32Array(2), new Uint32Array(2)];
  xx64(hosts.text(server), first);
  xx64Seeded(hosts.text(server), second);
  const skip = modulo(second[0], second[1], size - 1) + 1;
  return { server, weight, offset: modulo(first[0], first[1], size), skip, target: 0, next: 0 };
}

function byText(hosts: Hosts): (a: Filler, b: Filler) => number {
  return (a, b) => (hosts.text(a.server) < hosts.text(b.server) ? -1 : 1);
}

function freePosition(filler: Filler, owners: Int32Array): number {
  for (;;) {
    const position = (filler.offset + filler.skip * filler.next++) % owners.length;
    if (owners[position] < 0) return position;
  }
}

/** A retry turns over most bits of the hash: it is exclusive-ored with 2^64 - attempt. */
function indexOf(low: number, high: number, attempt: number, size: number): number {
  if (attempt === 0) return modulo(low, high, size);
  return modulo((low ^ -attempt) >>> 0, ~high >>> 0, size);
}
