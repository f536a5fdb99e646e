/** Points on a circle of 32 bits in typed arrays: sorted once, looked up by bisection. */

/** Servers are packed under 32-bit values into the 53 bits of a double, which sort natively. */
const SERVERS = 0x20_0000;

/** Points in ascending order; equal ones in the servers' order. */
export interface Points {
  readonly values: Uint32Array;
  readonly servers: Int32Array;
}

/** The circle of `counts[s]` points for each server s; `value` gives a server's j-th. */
export function circle(counts: readonly number[], value: (server: number, j: number) => number): Points {
  const packed = new Float64Array(counts.reduce((total, count) => total + count, 0));
  let at = 0;
  for (const [server, count] of counts.entries()) {
    for (let j = 0; j < count; j++) packed[at++] = value(server, j) * SERVERS + server;
  }
  return unpack(packed.sort());
}

function unpack(packed: Float64Array): Points {
  const values = new Uint32Array(packed.length);
  const servers = new Int32Array(packed.length);
  for (const [i, both] of packed.entries()) {
    values[i] = Math.floor(both / SERVERS);
    servers[i] = both % SERVERS;
  }
  return { values, servers };
}

/** The same circle with one of equal points, the first server's. */
export function withoutTwins({ values, servers }: Points): Points {
  const kept = [...values.keys()].filter((i) => i === 0 || values[i] !== values[i - 1]);
  return {
    values: Uint32Array.from(kept, (i) => values[i]),
    servers: Int32Array.from(kept, (i) => servers[i]),
  };
}

/** The index of the first value >= hash, or the number of values when there is none. */
export function firstAtLeast(values: Uint32Array, hash: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] < hash) low = middle + 1;
    else high = middle;
  }
  return low;
}
