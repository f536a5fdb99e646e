/** What is kept of a try beside its place in a queue, where a scenario has more in it than a way there and an answer. */
import type { Scenario } from '../core/scenario.ts';
import { NONE } from '../core/types.ts';
import type { Visit } from './discipline.ts';
import { doubled } from './pool.ts';

/** Where a try is: on its way, at its replica, or on its way back. */
export const SENT = 0;
export const THERE = 1;
export const ANSWERED = 2;

/** Numbers of a try in `ms`: when its service began, Infinity as long as it has not ended, and how long it kept a worker busy. */
export const BEGAN_AT = 0;
export const BUSY = 1;
/** When its client leaves if it still waits; kept only where clients are impatient. */
export const PATIENT_UNTIL = 2;
export const SENT_AT = 3;
/** How long its answer takes to the balancer. */
export const BACK = 4;
/** The requests that it met at its replica; kept only for probes. */
export const MET = 5;

/**
 * Numbers of a try in `ints`: whose it is, or NONE when nobody waits for its answer any more. That is a request where
 * requests may be sent again; elsewhere a request has this one try, and it is the number of its balancer.
 */
export const OWNER = 0;
export const HANDLE = 1;
export const STATE = 2;
/** Counts the row's uses: an event of a former use is void. */
export const USE = 3;
/** The outcome that a partition holds up. */
export const OUTCOME = 4;

const WIDTH = 8;
/** From a row of `tries.ts`, which is two numbers wide, to the row here. */
const SHIFT = 2;

/** The rows beside those of the tries, 96 bytes each. */
export class Paths {
  ms = new Float64Array(64 * WIDTH);
  ints = new Int32Array(64 * WIDTH);

  /** Whether a try can wait on its way, be given up, be lost, be one of several or matter beyond its request. */
  static wanted(s: Scenario): boolean {
    const faults = `${s.failAt}${s.pauseAt}${s.partitionAt}` !== '' || s.mtbf !== 'none';
    const clients = s.timeout > 0 || s.retries > 0 || s.hedge !== 'none' || s.patience !== 'none';
    const between = s.network !== 'none' || s.balancers > 1 || s.ejectAfter > 0;
    return faults || clients || between;
  }

  /** The path of a try; `n` or a request is the owner. */
  open(row: number, owner: number, handle: number, patientUntil: number, now: number): void {
    const at = row << SHIFT;
    if (at === this.ms.length) this.#grow();
    const { ints, ms } = this;
    ints[at + OWNER] = owner;
    ints[at + HANDLE] = handle;
    ints[at + STATE] = SENT;
    ms[at + BEGAN_AT] = Infinity;
    ms[at + BUSY] = 0;
    ms[at + PATIENT_UNTIL] = patientUntil;
    ms[at + SENT_AT] = now;
  }

  /** Where the numbers of a try are, of its row in `tries.ts`. */
  at(row: number): number {
    return row << SHIFT;
  }

  /** One of the integers of a try. */
  get(row: number, field: number): number {
    return this.ints[(row << SHIFT) + field];
  }

  set(row: number, field: number, value: number): void {
    this.ints[(row << SHIFT) + field] = value;
  }

  /** Keeps how a try fared at its replica until its answer has come. */
  keep(row: number, { beganMs, busyMs }: Visit): void {
    const at = row << SHIFT;
    this.ms[at + BEGAN_AT] = beganMs;
    this.ms[at + BUSY] = busyMs;
  }

  /** Tells of the visit of a try that has left its replica, or was never there. */
  recall(row: number, visit: Visit): void {
    const at = row << SHIFT;
    visit.handle = this.ints[at + HANDLE];
    visit.beganMs = this.ms[at + BEGAN_AT];
    visit.busyMs = this.ms[at + BUSY];
  }

  /** Nobody will ask for it any more; what was planned for it is void. */
  close(row: number): void {
    const at = row << SHIFT;
    this.ints[at + USE]++;
    this.ints[at + OWNER] = NONE;
  }

  #grow(): void {
    this.ms = doubled(this.ms);
    this.ints = doubled(this.ints);
  }
}
