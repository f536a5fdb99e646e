/** Every interface of the lab, on one page: what the tables hold and what the two engines drive. */

/** What a request is placed by: an integer, or a string, which is its UTF-8 bytes. 7 and '7' have the same bytes. */
export type Key = number | string;

/** A source of uniform numbers in [0, 1); always a named, seeded stream (`core/random/stream.ts`). */
export interface Random {
  (): number;
  /** The next `count` numbers, into the front of `out`: those that so many calls would give, in less time. */
  fill?(out: Float64Array, count: number): void;
}

/** A hash function: key and seed to an unsigned 32-bit number. Seed 0 gives the published function. */
export interface HashFunction {
  (key: Key, seed: number): number;
  /** Present where the exact value has more than 32 bits: a polynomial, a digest. */
  readonly wide?: WideHash;
  /** Present where it takes less time: the slots (`hash/slot.ts`) of the first `count` keys, into the front of `out`. */
  slots?(keys: Float64Array, m: number, out: Int32Array, count: number): void;
}

/** The exact value of a wide hash; `hash(key, seed)` is always its low 32 bits. */
export interface WideHash {
  /** All of the value. For explanations, never on a hot path. */
  value(key: Key, seed: number): bigint;
  /** The value modulo `m` (1 to 2^24), in [0, m), exact and without bigint. */
  mod(key: Key, seed: number, m: number): number;
  /**
   * Present where the value has a fixed number of 32-bit lanes (64-bit hashes: two). Writes as many into `out` as it
   * holds, lowest first, so that circles of 64 bits need neither bigint nor an allocation for each hash.
   */
  lanes?(key: Key, seed: number, out: Uint32Array): void;
}

/** One server behind the balancer. `handle` is dense and never reused; `id` is its place in the fleet. */
export interface Replica {
  /** Index into an engine's arrays: 0, 1, 2 … in order of joining. */
  readonly handle: number;
  /** Numeric identity that placements hash; the smallest free one at joining, so a replacement inherits it. */
  readonly id: number;
  readonly name: string;
  /** Relative capacity, 1 unless told. */
  readonly weight: number;
}

/** The handle that means "no replica". */
export const NONE = -1;

/** Key to replica, by membership alone. */
export interface Placement {
  /** @throws InputError when the replica cannot be placed; nothing has changed then. */
  add(replica: Replica): void;
  /** Removes a member by its handle. */
  remove(handle: number): void;
  /** The handle that owns the key, or NONE when there is no member. */
  locate(key: Key): number;
  /** Present where it takes less time than calls of `locate`: the owners of the first `count` keys, into the front of `out`. */
  locates?(keys: Float64Array, out: Int32Array, count: number): void;
  /** Up to `n` different handles in fallback order; the first is the owner. */
  locateAll(key: Key, n: number): number[];
  /** Present where it takes less time than `locateAll`: the first in fallback order that is accepted, or NONE. */
  locateFirst?(key: Key, accepts: (handle: number) => boolean): number;
  explain(key: Key): Explanation;
  /**
   * Exact share of all positions (slots, arcs, entries) that each member owns, by handle; where a scheme has no
   * positions, the share that a perfect hash would give. Undefined where only sampling can tell.
   */
  shares(): ReadonlyMap<number, number> | undefined;
  /** Bytes that its tables take; the members' own records aside. */
  bytes?(): number;
}

/** Why a key is where it is. */
export interface Explanation {
  readonly key: Key;
  /** The exact hash: a number, or its decimal digits where a number would round it. */
  readonly hash: number | string;
  /** The slot (or table index) that the hash falls on. */
  readonly slot: number;
  /** Slots looked at in order, the owner's last. */
  readonly walked: readonly number[];
  readonly owner: string | null;
  /** The replicas that would own the key if those before them left. */
  readonly next: readonly string[];
}

/** What a balancer sees of a request. Engines reuse one object: read it, do not keep it. */
export interface Request {
  key: Key;
  /** How long it will take at a replica of speed 1, in ms, where the engine knows: only the simulator does. */
  workMs?: number;
}

/**
 * How a request, or one of its tries, ended: served; turned away by a full queue; connection refused; lost with its
 * replica; given up after its timeout; left by a client who would wait no longer; not needed, since another try of the
 * same request was answered first.
 */
export type Outcome = 'ok' | 'rejected' | 'refused' | 'lost' | 'timeout' | 'abandoned' | 'cancelled';

/**
 * The five verbs that both engines drive, and three that only some policies have. `now` is in ms since the run began;
 * nothing else is read from outside.
 */
export interface Balancer {
  /** The handle of the replica for this request, or NONE when there is no member. */
  pick(request: Request, now: number): number;
  /**
   * Present where neither time nor load decides: the picks for the next `count` requests, by the keys of those, into
   * the front of `out`. They are the picks that so many calls of `pick` would give, in less time.
   */
  picks?(keys: () => ArrayLike<Key>, out: Int32Array, count: number): void;
  /**
   * Present where a pick is the first with the fewest requests in flight of a few, and neither time nor load decides who
   * these are.
   */
  readonly candidates?: Candidates;
  started(handle: number, now: number): void;
  /** `tookMs` is the time since its `started`. */
  finished(handle: number, now: number, outcome: Outcome, tookMs: number): void;
  joined(replica: Replica, now: number): void;
  left(handle: number, now: number): void;
  /** A replica whose load it wants to be told, or NONE; asked after each pick until it says NONE. */
  probe?(now: number): number;
  /** A probe's answer: requests at the replica then, and what a request took there of late (ms). */
  probed?(handle: number, now: number, inFlight: number, latencyMs: number): void;
  /** A replica tells this balancer, of perhaps several, that it has nothing to do. */
  idle?(handle: number, now: number): void;
}

/** The few of which each request goes to the one with the fewest requests in flight. */
export interface Candidates {
  /** How many a request has, as long as nobody joins or leaves; 0 when there is no member. */
  readonly each: number;
  /** Those of the next `count` requests, one after the other, into the front of `out`: the ones that so many picks would look at. */
  draw(out: Int32Array, count: number): void;
}

/** A number that an entry takes, as in `poly(1,2,17)`. */
export interface Parameter {
  readonly name: string;
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly integer?: boolean;
  /** A time in ms, which may also be written with its unit: 250ms, 1.5s, 2m. */
  readonly time?: boolean;
}

/** A line of a table: flags, `lab list`, contract tests, charts and the README read it. */
export interface Entry<T> {
  /** As users type it: lower case, digits and hyphens. */
  readonly name: string;
  /** A clause that ends the sentence "it …". */
  readonly summary: string;
  /** Paper, RFC, or source file of the original. */
  readonly source: string;
  readonly parameters?: readonly Parameter[];
  /** `args` holds every parameter, defaults filled in and ranges checked. */
  make(args: readonly number[]): T;
}

export type HashEntry = Entry<HashFunction>;

/** What a placement is built from. */
export interface PlacementOptions {
  readonly slots: number;
  readonly vnodes: number;
  readonly vnodeFrom: number;
  readonly probing: ProbeSequence;
  readonly requestHash: HashFunction;
  readonly serverHash: HashFunction;
}

/** A way to the next slot: the offset from the first slot at attempt 0, 1, 2 …, before the modulus. */
export type ProbeSequence = (attempt: number) => number;

/** What a scheme can do, stated as data; asking for more is an error that says so. */
export interface Abilities {
  readonly removes: 'any' | 'last';
  readonly weights: boolean;
  /**
   * Where the order of joins and leaves decides, not only who is a member: a replica that joins takes the place of the
   * last one that left, so that several get their own keys back only in reverse. Absent: as it likes.
   */
  readonly returns?: 'last-left-first';
  /** True where ids and weights of the members alone decide, however they came together. */
  readonly historyFree?: boolean;
  /** True where a change of membership moves only keys of the replica that left or to the one that joined. */
  readonly monotone?: boolean;
  /** What `shares()` counts: its positions, a perfect hash's expectation, or nothing. Absent: positions. */
  readonly shares?: 'positions' | 'expected' | 'none';
}

export interface PlacementEntry extends Entry<(options: PlacementOptions) => Placement> {
  readonly can: Abilities;
  /** Arguments that suit so many replicas, where the defaults would be too small or too slow. */
  suiting?(replicas: number): readonly number[];
  /** True where a lookup looks at every replica. */
  readonly linear?: boolean;
}

/** What a policy is built from. `random` is the stream named `policy`. */
export interface PolicyOptions {
  readonly placement: () => Placement;
  readonly random: Random;
  /** Where the engine knows the loads by itself; it then calls neither `started` nor `finished`. */
  readonly load?: Load;
  /** Which of several balancers before the same replicas it is, from 0; the only one unless told. */
  readonly balancer?: { readonly index: number; readonly of: number };
}

/** Requests in flight at a replica, by its handle; `now` never goes back. */
export type Load = (handle: number, now: number) => number;

export interface PolicyEntry extends Entry<(options: PolicyOptions) => Balancer> {
  /** False where unequal weights would be ignored; `placement`: as the chosen placement says. */
  readonly weights: boolean | 'placement';
  /** What it must be told beyond the five verbs; an engine that cannot tell it refuses the policy. */
  readonly needs?: 'work' | 'probes' | 'idle';
  /**
   * What of the load a pick looks at, if that is all it wants to know of what became of requests: nothing, or the
   * requests in flight at some replicas or at all of them, by way of `load`. The verbs are then called without their
   * times (with 0), or not at all. Absent: it must be told by the verbs.
   */
  readonly sees?: 'nothing' | 'some' | 'all';
}

/** Draws one value: a service time in ms, a gap in ms, a key. */
export interface Sampler<T = number> {
  (random: Random): T;
  /**
   * The next `count` values, all of them numbers, into the front of `out`: those that so many calls would give, in less
   * time. Only where it is worth a few lines: `draw.ts` does without.
   */
  fill?(random: Random, out: Float64Array, count: number): void;
}

/** Raw moments of a law of times: E[X], E[X²], E[X³], in ms, ms², ms³; Infinity for one that does not exist. */
export interface Moments {
  readonly mean: number;
  readonly second: number;
  readonly third: number;
  /** Moments from this order on do not exist, of a power's tail; absent where all do. */
  readonly endless?: number;
}

/** A law of times in ms. Its first number is the mean, so that laws of one mean compare. */
export interface LawEntry extends Entry<Sampler> {
  moments(args: readonly number[]): Moments;
}

/** How requests come: open loop (a gap to the next) or closed (so many clients, each waiting for its answer). */
export type Arrivals =
  | {
      readonly kind: 'open';
      /** To the next request; Infinity when there is none. */
      readonly gapMs: Sampler;
      /** Requests a second in the long run. */
      readonly perSecond: number;
      /** Variance of the number of requests in a long time over its mean, where the law says: 1 of Poisson's. */
      readonly dispersion?: number;
      /** True where gaps are exponential and independent: Poisson's. */
      readonly memoryless?: boolean;
      /** How many requests there are, where that is known: a recorded trace. */
      readonly count?: number;
    }
  | { readonly kind: 'closed'; readonly clients: number; readonly thinkMs: Sampler };
