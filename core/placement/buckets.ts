/** Placements of schemes that know only numbered buckets: a join opens one, a leave closes one. */
import { InputError } from '../input-error.ts';
import type { Abilities, Explanation, HashFunction, Key, Placement, Replica } from '../types.ts';
import { NONE } from '../types.ts';

/** A scheme over buckets 0, 1, 2 …, all closed at first. */
export interface Buckets {
  /** The open bucket of a key; there is one. `attempt` 1, 2 … is a fresh draw for fallbacks. */
  bucket(key: Key, attempt: number): number;
  /** Opens the scheme's next bucket and returns it. @throws InputError when there is no room. */
  join(): number;
  /** Closes an open bucket. */
  leave(bucket: number): void;
  /** The same again; present where any bucket can close, so that fallbacks are exact. */
  copy?(): Buckets;
  /** Share of the keys for each of n open buckets under a perfect hash; even where it is absent. */
  shares?(n: number): readonly number[];
  /** Bytes of its tables. */
  bytes(): number;
}

/** What a scheme calls itself and what it can do. */
export interface Scheme {
  readonly name: string;
  readonly can: Abilities;
}

/** A placement of a scheme over buckets. */
export function byBuckets(scheme: Scheme, requestHash: HashFunction, buckets: Buckets): Placement {
  const replicas: (Replica | undefined)[] = [];
  const handles: number[] = [];
  const bucketOf = new Map<number, number>();

  function order(key: Key, n: number): number[] {
    const wanted = Math.min(n, bucketOf.size);
    return (buckets.copy ? [...exactly(buckets.copy(), key, wanted)] : bySalt(key, wanted)).map(
      (bucket) => handles[bucket],
    );
  }

  /** Fresh draws until enough buckets are found; what draws leave out comes last, in order. */
  function bySalt(key: Key, wanted: number): number[] {
    const found = new Set<number>();
    for (const bucket of wanted > 0 ? draws(key) : []) {
      found.add(bucket);
      if (found.size === wanted) break;
    }
    return [...found];
  }

  /** As `order` has them one by one; a draw that comes up again changes nothing. */
  function first(key: Key, accepts: (handle: number) => boolean): number {
    if (bucketOf.size === 0) return NONE;
    for (const bucket of buckets.copy ? exactly(buckets.copy(), key, bucketOf.size) : draws(key)) {
      if (accepts(handles[bucket])) return handles[bucket];
    }
    return NONE;
  }

  /** The fresh draws of a key, then all buckets in order. */
  function* draws(key: Key): Generator<number> {
    for (let attempt = 0; attempt < 8 * handles.length; attempt++) yield buckets.bucket(key, attempt);
    for (let bucket = 0; bucket < bucketOf.size; bucket++) yield bucket;
  }

  function explain(key: Key): Explanation {
    const hash = requestHash(key, 0);
    const names = order(key, bucketOf.size).map((handle) => replicas[bucketOf.get(handle) ?? 0]?.name ?? '');
    const [owner = null, ...next] = names;
    const slot = owner === null ? 0 : buckets.bucket(key, 0);
    return { key, hash, slot, walked: owner === null ? [] : [slot], owner, next };
  }

  return {
    add(replica) {
      refuseWeight(scheme, replica);
      const bucket = buckets.join();
      replicas[bucket] = replica;
      handles[bucket] = replica.handle;
      bucketOf.set(replica.handle, bucket);
    },
    remove(handle) {
      const bucket = bucketOf.get(handle);
      if (bucket === undefined) throw new Error(`replica ${handle} has no bucket`);
      const last = bucketOf.size - 1;
      if (scheme.can.removes === 'last' && bucket !== last) {
        throw onlyTheLast(scheme, replicas[bucket], replicas[last]);
      }
      buckets.leave(bucket);
      bucketOf.delete(handle);
      replicas[bucket] = undefined;
      handles[bucket] = NONE;
    },
    locate: (key) => (bucketOf.size === 0 ? NONE : handles[buckets.bucket(key, 0)]),
    locateAll: order,
    locateFirst: first,
    explain,
    shares() {
      const even = 1 / bucketOf.size;
      const shares = buckets.shares?.(bucketOf.size);
      return new Map([...bucketOf].map(([handle, bucket]) => [handle, shares?.[bucket] ?? even]));
    },
    bytes: () => buckets.bytes() + 4 * handles.length,
  };
}

/** Who owns the key, who would if that one left, and so on. */
function* exactly(buckets: Buckets, key: Key, wanted: number): Generator<number> {
  for (let i = 0; i < wanted; i++) {
    const bucket = buckets.bucket(key, 0);
    yield bucket;
    buckets.leave(bucket);
  }
}

/** @throws InputError for a weight, where the scheme has none. */
export function refuseWeight({ name, can }: Scheme, replica: Replica): void {
  if (can.weights || replica.weight === 1) return;
  throw new InputError(
    `The placement ${name} has no weights, but ${replica.name} has weight ${replica.weight}; ring, rendezvous and maglev have.`,
  );
}

function onlyTheLast({ name }: Scheme, leaving?: Replica, last?: Replica): InputError {
  return new InputError(
    `The placement ${name} can only lose the replica that joined last, ${last?.name ?? ''}, but ${leaving?.name ?? ''} left; of --placement, ring, rendezvous, maglev, anchor and memento can lose any.`,
  );
}
