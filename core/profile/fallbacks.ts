/** Asking a scheme for more than one pick: a request that ends before the next, and the order of servers that would take it. */
import { NOBODY } from './types.ts';
import type { Scheme } from './types.ts';

/** The server of a request that ends before the next one comes. */
export function pickAlone(scheme: Scheme, key: Uint8Array): number {
  const server = scheme.pick(key);
  if (server === NOBODY) return server;
  scheme.started(server);
  scheme.finished(server);
  return server;
}

/** Up to n servers: the one found with nobody left out, then without it, and so on. */
export function fallbackOrder(n: number, without: (left: ReadonlySet<number>) => number): number[] {
  const left = new Set<number>();
  while (left.size < n) {
    const found = without(left);
    if (found === NOBODY || left.has(found)) break;
    left.add(found);
  }
  return [...left];
}
