/**
 * How replicas stand with this gateway: failures in a row make an outlier, which is ejected for a while, longer each
 * time; after that it is on trial, with one request at a time, until one is answered. After Envoy's outlier detection
 * (source/common/upstream/outlier_detection_impl.cc).
 */
import type { Random } from '../../core/types.ts';
import { INTERVAL_MS, worse } from './success-rate.ts';

/** What is wrong with a replica: connections refused; no answer, or half of one; an answer that says so. */
export type Fault = 'unreachable' | 'broken' | 'status';

export interface StandingOptions {
  /** Connections broken and tries timed out in a row that make an outlier. */
  readonly failures: number;
  /** Answers in a row with a status of `--retry-on` that make an outlier. */
  readonly statuses: number;
  /** Standard deviations below the mean success rate that make an outlier; 0: none do. */
  readonly deviations: number;
  /** Length of the first ejection; each further one is twice as long. */
  readonly ejectMs: number;
  readonly mostEjectMs: number;
  /** In which the share of picks of a replica that joined grows from a tenth to all; 0 for none. */
  readonly slowStartMs: number;
}

export const defaultStanding: StandingOptions = {
  failures: 3,
  statuses: 5,
  deviations: 1.9,
  ejectMs: 250,
  mostEjectMs: 30_000,
  slowStartMs: 0,
};

/** Where nothing but requests that cannot be sent twice has come for so long, one of them is the trial. */
const TRIAL_WAIT_MS = 1000;
/** A joiner gets this share at least, or it would never warm up. */
const LEAST_SHARE = 0.1;

interface Conduct {
  /** While it is slowly started; -Infinity later. */
  joinedMs: number;
  failures: number;
  statuses: number;
  /** Requests of this interval that ended well, and those that did not. */
  good: number;
  bad: number;
  /** Ejections in a row: those that a time of good behaviour did not follow. */
  ejections: number;
  readmittedMs: number;
  /** Length of the last ejection. */
  outMs: number;
  trial: boolean;
  /** Which trial is its last, of all replicas' trials. */
  trialNumber: number;
  /** Requests of that trial under way. */
  trials: number;
}

/** The standing of every replica, by handle. */
export class Standing {
  options: StandingOptions;
  readonly #clock: () => number;
  readonly #random: Random;
  readonly #records = new Map<number, Conduct>();
  /** Replicas of which not every pick is admitted: usually none, and then nothing is looked up. */
  #restricted = 0;
  #trialsHeld = 0;

  /** @param clock in ms @param random decides which picks of a joiner go elsewhere */
  constructor(options: StandingOptions, clock: () => number, random: Random) {
    this.options = options;
    this.#clock = clock;
    this.#random = random;
  }

  /** A replica is new. `warm`: with nothing to warm up, as the first ones have. */
  joined(handle: number, warm: boolean): void {
    const joinedMs = warm || this.options.slowStartMs === 0 ? -Infinity : this.#clock();
    this.#records.set(handle, { joinedMs, failures: 0, statuses: 0, good: 0, bad: 0, ejections: 0, readmittedMs: -Infinity, outMs: 0, trial: false, trialNumber: 0, trials: 0 }); // prettier-ignore
    this.#count();
  }

  left(handle: number): void {
    this.#records.delete(handle);
    this.#count();
  }

  /** Requests of trials under way, of all replicas. */
  get onTrial(): number {
    return [...this.#records.values()].reduce((sum, { trials }) => sum + trials, 0);
  }

  /** Whether the replica may have this request; one that cannot be tried again elsewhere is no good for a trial. */
  admits(handle: number, retriable: boolean): boolean {
    if (this.#restricted === 0) return true;
    const record = this.#records.get(handle);
    if (!record) return true;
    if (record.trial) return record.trials === 0 && (retriable || this.#clock() - record.readmittedMs >= TRIAL_WAIT_MS); // prettier-ignore
    return record.joinedMs === -Infinity || this.#random() < this.#share(record);
  }

  /** A request is sent. Returns the number of the trial that it is of, for `ended`; 0 for none. */
  started(handle: number): number {
    if (this.#restricted === 0) return 0;
    const record = this.#records.get(handle);
    if (!record?.trial) return 0;
    record.trials++;
    return record.trialNumber;
  }

  /** A request of a trial is over, however it ended, or late: it stands in the way of no other one. Told once of each. */
  ended(handle: number, trialNumber: number): void {
    const record = this.#records.get(handle);
    if (record?.trialNumber === trialNumber) record.trials--;
  }

  /** An answer came, all of it: the replica is sound. */
  succeeded(handle: number): void {
    const record = this.#records.get(handle);
    if (!record) return;
    record.failures = 0;
    record.statuses = 0;
    record.good++;
    if (record.trial) this.#acquit(record);
    else if (record.ejections > 0) this.#forgive(record);
  }

  /** How long the replica is to be ejected, in ms; 0 when it is not an outlier. */
  failed(handle: number, fault: Fault): number {
    const record = this.#records.get(handle);
    if (!record) return 0;
    const { failures, statuses } = this.options;
    record.bad++;
    if (fault === 'status') record.statuses++;
    else record.failures++;
    const outlier = fault === 'unreachable' || record.failures >= failures || record.statuses >= statuses;
    if (!outlier && !record.trial) return 0;
    // What all of them do is no fault of one: the service is slow, or an address of it is broken.
    if (fault !== 'unreachable' && !this.#othersAreSound(handle)) return 0;
    return Math.min(this.options.mostEjectMs, this.options.ejectMs * 2 ** record.ejections);
  }

  /** An interval is over: those that failed more often than the rest, the worst first, and how long each is to be ejected. */
  endInterval(): (readonly [handle: number, forMs: number])[] {
    const { deviations, ejectMs, mostEjectMs } = this.options;
    const tallies = [...this.#records].map(([handle, { good, bad }]) => ({ handle, good, bad }));
    for (const record of this.#records.values()) record.good = record.bad = 0;
    if (deviations === 0) return [];
    return worse(tallies, deviations).map((handle) => {
      const { ejections = 0 } = this.#records.get(handle) ?? {};
      return [handle, Math.min(mostEjectMs, Math.max(INTERVAL_MS, ejectMs) * 2 ** ejections)] as const;
    });
  }

  ejected(handle: number, forMs: number): void {
    const record = this.#records.get(handle);
    if (!record) return;
    record.ejections++;
    record.outMs = forMs;
  }

  /** Its ejection is over: it is on trial. */
  readmitted(handle: number): void {
    const record = this.#records.get(handle);
    if (!record) return;
    record.trial = true;
    record.trialNumber = ++this.#trialsHeld;
    record.trials = 0;
    record.failures = 0;
    record.statuses = 0;
    record.readmittedMs = this.#clock();
    this.#count();
  }

  /** Too many would be out: this one takes part without a trial. */
  pardoned(handle: number): void {
    const record = this.#records.get(handle);
    if (record) this.#acquit(record);
  }

  #acquit(record: Conduct): void {
    record.trial = false;
    record.readmittedMs = this.#clock();
    this.#count();
  }

  /** Good behaviour for as long as the last ejection took halves the next one. */
  #forgive(record: Conduct): void {
    const { ejectMs, mostEjectMs } = this.options;
    const now = this.#clock();
    const enoughMs = Math.max(record.outMs, Math.min(mostEjectMs, 4 * ejectMs * 2 ** record.ejections));
    if (now - record.readmittedMs < enoughMs) return;
    record.ejections--;
    record.readmittedMs = now;
  }

  #othersAreSound(handle: number): boolean {
    for (const [other, { failures, statuses, trial }] of this.#records) {
      if (other !== handle && failures === 0 && statuses === 0 && !trial) return true;
    }
    return this.#records.size === 1;
  }

  #share(record: Conduct): number {
    const age = (this.#clock() - record.joinedMs) / this.options.slowStartMs;
    if (age < 1) return Math.max(LEAST_SHARE, age);
    record.joinedMs = -Infinity;
    this.#count();
    return 1;
  }

  #count(): void {
    const young = ({ joinedMs, trial }: Conduct): boolean => trial || joinedMs > -Infinity;
    this.#restricted = [...this.#records.values()].filter(young).length;
  }
}
