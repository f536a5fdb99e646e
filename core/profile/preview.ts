/** Before and after a change of servers: which keys move, of need or beside it, and what each server gains or loses. */
import { pickAlone } from './fallbacks.ts';
import { NOBODY } from './types.ts';
import type { Scheme } from './types.ts';

/** A server's keys before and after. */
export interface ServerLoad {
  readonly name: string;
  readonly before: number;
  readonly after: number;
}

/** What became of the keys. Necessary: the old owner lost weight or left, or the new one gained some or joined. */
export interface Preview {
  readonly keys: number;
  readonly necessary: number;
  readonly collateral: number;
  readonly servers: readonly ServerLoad[];
}

/** A key that moves. */
export interface Move {
  readonly key: Uint8Array;
  readonly from: string | null;
  readonly to: string | null;
  readonly necessary: boolean;
}

/** Takes keys one after another. */
export interface Comparison {
  /** Counts the key, and says where it went if it moved. */
  take(key: Uint8Array): Move | null;
  result(): Preview;
  /** Whether one of the schemes takes addresses only. */
  readonly picky: boolean;
}

/** Compares two schemes, whose servers are the same where their names are. */
export function comparison(before: Scheme, after: Scheme): Comparison {
  const loads = new Map(
    [...before.servers, ...after.servers].map(({ name }) => [name, { name, before: 0, after: 0 }]),
  );
  const [old, now] = [strengths(before), strengths(after)];
  let [keys, necessary, collateral] = [0, 0, 0];

  /** Whether the server is weaker (or gone) in the second than in the first. */
  const weaker = (
    name: string | null,
    first: ReadonlyMap<string, number>,
    second: ReadonlyMap<string, number>,
  ): boolean => name !== null && (second.get(name) ?? 0) < (first.get(name) ?? 0);

  function count(name: string | null, when: 'before' | 'after'): void {
    const load = name === null ? undefined : loads.get(name);
    if (load) load[when]++;
  }

  return {
    take(key) {
      const [from, to] = [ownerOf(before, key), ownerOf(after, key)];
      keys++;
      count(from, 'before');
      count(to, 'after');
      if (from === to) return null;
      const needed = from === null || to === null || weaker(from, old, now) || weaker(to, now, old);
      if (needed) necessary++;
      else collateral++;
      return { key, from, to, necessary: needed };
    },
    picky: before.picky === true || after.picky === true,
    result: () => ({ keys, necessary, collateral, servers: [...loads.values()] }),
  };
}

function ownerOf(scheme: Scheme, key: Uint8Array): string | null {
  const server = pickAlone(scheme, key);
  return server === NOBODY ? null : scheme.servers[server].name;
}

/** Weights by name; a server that is down has none, and two lines of one name add up. */
function strengths({ servers }: Scheme): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { name, weight, down } of servers) found.set(name, (found.get(name) ?? 0) + (down ? 0 : weight));
  return found;
}
