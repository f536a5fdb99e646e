/** What is wanted: a seat for each of the N replicas. It outlives those who sit in it, and remembers how they ended. */
import type { MemberState, Place, Unit } from '../types.ts';
import type { Watch } from './health.ts';
import { keyOf } from './names.ts';

/** One of N: `id` is its place on the ring, and a replacement inherits it. */
export interface Seat {
  readonly id: number;
  readonly weight: number;
  /** For its first occupant only; replacements get random names (LAB 3.2). */
  name?: string;
  /** Those of one batch become ready in order, so that a ring is built alike every time; replacements have none. */
  batch?: number;
  occupant?: Occupant;
  /** Occupants in a row that did not live long enough. */
  failures: number;
  /** When it may be taken again, by the clock of `performance.now`. */
  notBefore: number;
}

/** What makes a replica's place: kept across a restart of the supervisor. */
export interface Seated {
  readonly handle: number;
  readonly id: number;
}

/** A replica that was started, or is about to be. */
export interface Occupant {
  readonly seat: Seat;
  readonly place: Place;
  readonly batch?: number;
  state: MemberState;
  /** Missing until the driver has started it. */
  unit?: Unit;
  /** Resolves when the driver has started it or could not. */
  started: Promise<void>;
  /** It is being resumed: whatever lists the replicas may still show it suspended. */
  waking: boolean;
  /** It answers heartbeats; `ready` follows in its turn. */
  serving: boolean;
  readyAt: number;
  /** Given up or sent away; nothing that happens to it matters any more. */
  doomed: boolean;
  watch?: Watch;
}

/** When a seat is taken again after its occupant died. */
export interface BackoffOptions {
  readonly firstMs: number;
  readonly mostMs: number;
  /** An occupant that was ready for so long was no part of a crash loop. */
  readonly stableMs: number;
}

export const defaultBackoff: BackoffOptions = { firstMs: 250, mostMs: 10_000, stableMs: 3000 };

/** An empty seat. */
export function seatOf(id: number, weight: number, batch: number, name?: string): Seat {
  return { id, weight, batch, name, failures: 0, notBefore: 0 };
}

/** Frees the seat: for the next occupant at once, unless the last ones died young; then later and later. */
export function vacate(seat: Seat, { firstMs, mostMs, stableMs }: BackoffOptions, now: number): void {
  const lived = now - (seat.occupant?.readyAt ?? Infinity);
  seat.failures = lived >= stableMs ? 0 : seat.failures + 1;
  // The first that dies young after having served may just have been killed: only the next ones are a loop.
  const loops = lived > 0 ? seat.failures - 1 : seat.failures;
  seat.notBefore = loops <= 0 ? now : now + Math.min(mostMs, firstMs * 2 ** (loops - 1));
  seat.occupant = undefined;
  seat.name = undefined;
  seat.batch = undefined;
}

/** The smallest ids from 1 that no seat has. */
export function freeIds(taken: ReadonlySet<number>, n: number): number[] {
  const free: number[] = [];
  for (let id = 1; free.length < n; id++) if (!taken.has(id)) free.push(id);
  return free;
}

/** The name of whoever sits there or was promised it, as names are compared. */
export function nameOf({ name, occupant }: Seat): string {
  return keyOf(occupant?.place.name ?? name ?? '');
}
