/** The timed measures of a placement: building it, one lookup, one leave and join. The clock comes in. */
import type { Abilities, Placement, Replica } from '../types.ts';

/** A monotonic time in ms. */
export type Clock = () => number;

/** The measures that depend on the machine. */
export interface Timings {
  /** From nothing to the answer to the first lookup. */
  readonly initMs: number;
  /** The median of several rounds over all keys. */
  readonly lookupNs: number;
  /** One replica leaves and comes back, each followed by a lookup: the mean of the two. */
  readonly resizeUs: number;
}

const ROUNDS = 5;
/** What takes longer than this is steady enough to be timed fewer times. */
const PATIENCE_MS = 1000;

/** Times a placement from `make`, which gives an empty one. */
export function timings(
  make: () => Placement,
  { removes }: Abilities,
  replicas: readonly Replica[],
  keys: Int32Array,
  clock: Clock,
): Timings {
  const began = clock();
  const placement = make();
  for (const replica of replicas) placement.add(replica);
  placement.locate(keys[0]);
  const initMs = clock() - began;
  const lookups = repeated(() => roundMs(placement, keys, clock) / keys.length, clock);
  const changing = replicas[removes === 'last' ? replicas.length - 1 : replicas.length >> 1];
  const resizes = repeated(() => resizeMs(placement, changing, keys[0], clock), clock);
  return { initMs, lookupNs: median(lookups) * 1e6, resizeUs: (median(resizes) / 2) * 1e3 };
}

/** Several results of a measurement, or at least one. */
function repeated(work: () => number, clock: Clock): number[] {
  const found: number[] = [];
  for (
    const began = clock();
    found.length === 0 || (found.length < ROUNDS && clock() - began < PATIENCE_MS);
  ) {
    found.push(work());
  }
  return found;
}

function roundMs(placement: Placement, keys: Int32Array, clock: Clock): number {
  const began = clock();
  let sum = 0;
  for (const key of keys) sum += placement.locate(key);
  const ms = clock() - began;
  if (Number.isNaN(sum)) throw new Error('a placement located a key nowhere'); // keeps the loop from being dropped
  return ms;
}

function resizeMs(placement: Placement, replica: Replica, key: number, clock: Clock): number {
  const began = clock();
  placement.remove(replica.handle);
  placement.locate(key);
  placement.add(replica);
  placement.locate(key);
  return clock() - began;
}

/** The middle value; of an even number of values the lower of the two. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[(values.length - 1) >> 1];
}
