/**
 * The measures that consistent hashing schemes are compared by, as in the Java benchmark of SUPSI (Coluzzi et al.):
 * here those that a key set decides. The timed ones are in `timing.ts`.
 */
import type { Abilities, Placement, Replica } from '../types.ts';
import { disruption } from './disruption.ts';
import { coefficientOfVariation, peakToMean } from './fairness.ts';

/** How even a load is. */
export interface Balance {
  readonly peakToMean: number;
  readonly coefficientOfVariation: number;
}

/** The measures that are the same on every machine. */
export interface Measures {
  readonly balance: Balance;
  /** Balance of the shares that the replicas own, without a sample; undefined where only keys can tell. */
  readonly exact: Balance | undefined;
  /** Balance after a tenth of the replicas, at least one, has left. */
  readonly resizeBalance: Balance;
  /** Share of the keys that had to move then: their replica left. */
  readonly necessary: number;
  /** Share of the keys that moved although their replica stayed. */
  readonly collateral: number;
  /** Bytes of its tables, or undefined where it does not say. */
  readonly memoryBytes: number | undefined;
}

/** The load of each replica in its order, in keys. Weights count: a load is divided by its replica's weight. */
export function loadsOf(owners: Int32Array, replicas: readonly Replica[]): number[] {
  const place = new Map(replicas.map(({ handle }, i) => [handle, i]));
  const loads = new Array<number>(replicas.length).fill(0);
  for (const handle of owners) {
    const i = place.get(handle);
    if (i !== undefined) loads[i] += 1 / replicas[i].weight;
  }
  return loads;
}

/** Measures an empty placement with these replicas on these keys. */
export function measure(
  placement: Placement,
  can: Abilities,
  replicas: readonly Replica[],
  keys: Int32Array,
): Measures {
  for (const replica of replicas) placement.add(replica);
  const before = ownersOf(placement, keys);
  const memoryBytes = placement.bytes?.();
  const shares = placement.shares();
  const leaving = leaversOf(replicas, can);
  for (const { handle } of leaving) placement.remove(handle);
  const after = ownersOf(placement, keys);
  const gone = new Set(leaving.map(({ handle }) => handle));
  const moved = disruption(keys.keys(), (i) => before[Number(i)], (i) => after[Number(i)], gone); // prettier-ignore
  return {
    balance: balanceOf(loadsOf(before, replicas)),
    exact: shares && balanceOf(replicas.map(({ handle, weight }) => (shares.get(handle) ?? 0) / weight)),
    resizeBalance: balanceOf(
      loadsOf(
        after,
        replicas.filter(({ handle }) => !gone.has(handle)),
      ),
    ),
    necessary: moved.necessary / keys.length,
    collateral: moved.collateral / keys.length,
    memoryBytes,
  };
}

/** A tenth of the replicas, at least one and never all: every tenth, or the last where only the last can leave. */
export function leaversOf(replicas: readonly Replica[], { removes }: Abilities): Replica[] {
  const count = Math.min(replicas.length - 1, Math.max(1, Math.floor(replicas.length / 10)));
  if (removes === 'last') return replicas.slice(replicas.length - count).reverse();
  return Array.from({ length: count }, (_, i) => replicas[Math.floor((i * replicas.length) / count)]);
}

function ownersOf(placement: Placement, keys: Int32Array): Int32Array {
  return keys.map((key) => placement.locate(key));
}

function balanceOf(loads: readonly number[]): Balance {
  return { peakToMean: peakToMean(loads), coefficientOfVariation: coefficientOfVariation(loads) };
}
