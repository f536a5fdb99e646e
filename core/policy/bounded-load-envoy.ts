/** Bounded loads as Envoy has them: a full host's requests go on in an order that the key's hash shuffles. */
import { xxhash64 } from '../hash/xxhash64.ts';
import { twister } from '../random/mt19937.ts';
import { boundedEntry } from './bounded.ts';

/** A host that takes requests, and its share of the weights. */
export interface Share {
  readonly server: number;
  readonly weight: number;
}

/** How full a host is: over 1 it takes no more. So that it can come to have one request more than slots. */
export type Overload = (share: Share) => number;

/** A host's requests over its slots: at least one, or its weight's share of ⌈(all active + 1) · percent / 100⌉. */
export function overloadOf(percent: number, all: number, active: (server: number) => number): Overload {
  const total = Math.ceil(((all + 1) * percent) / 100);
  return ({ server, weight }) => active(server) / Math.max(Math.ceil(total * weight), 1);
}

/** A host that has room: the first choice, else the first of the shuffled others, else the least overloaded. */
export function withRoom(
  choice: Share,
  seed: number,
  shares: readonly Share[],
  overload: Overload,
  passed?: (server: number) => void,
): number {
  let least = { server: choice.server, overload: overload(choice) };
  if (least.overload <= 1) return choice.server;
  passed?.(choice.server);
  for (const i of inShuffledOrder(shares.length, seed)) {
    const { server } = shares[i];
    if (server === choice.server) continue;
    const factor = overload(shares[i]);
    if (factor <= 1) return server;
    passed?.(server);
    if (factor < least.overload) least = { server, overload: factor };
  }
  return least.server;
}

/** The numbers below n in an order that the seed decides. */
export function shuffled(n: number, seed: number): number[] {
  return [...inShuffledOrder(n, seed)];
}

/** The same one by one (Fisher and Yates), where only what was swapped is kept: of many hosts one of the first has room. */
function* inShuffledOrder(n: number, seed: number): Generator<number> {
  const random = twister(seed);
  const swapped = new Map<number, number>();
  for (let i = 0; i < n; i++) {
    const j = i + below(n - i, random);
    const drawn = swapped.get(j) ?? j;
    swapped.set(j, swapped.get(i) ?? i);
    yield drawn;
  }
}

/** Uniform in [0, k): numbers that would favour some are drawn again. */
function below(k: number, random: () => number): number {
  const width = Math.floor(0x1_0000_0000 / k);
  let x = k;
  while (x >= k) x = Math.floor(random() / width);
  return x;
}

/** What Envoy hashes requests with; its low 32 bits seed the order. */
const requestHash = xxhash64.make([]);

export const boundedLoadEnvoyEntry = boundedEntry(
  {
    name: 'bounded-load-envoy',
    summary:
      "bounds the load by Envoy's rule (hash_balance_factor), over any placement, in an order by the hash",
    source: 'Envoy, thread_aware_lb_impl.cc, BoundedLoadHashingLoadBalancer',
  },
  (percent, _placement, crowd) => {
    let counted = -1;
    let shares: readonly Share[] = [];
    const byHandle = new Map<number, Share>();

    function count(): void {
      counted = crowd.version;
      const total = crowd.members.reduce((sum, { weight }) => sum + weight, 0);
      shares = crowd.members.map(({ handle, weight }) => ({ server: handle, weight: weight / total }));
      byHandle.clear();
      for (const share of shares) byHandle.set(share.server, share);
    }

    return (key, owner) => {
      if (counted !== crowd.version) count();
      const own = byHandle.get(owner);
      if (own === undefined) return owner;
      const overload = overloadOf(percent, crowd.all, (handle) => crowd.inFlight(handle));
      return withRoom(own, requestHash(key, 0), shares, overload);
    };
  },
);
