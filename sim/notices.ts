/** Who is told that a try was sent or has ended: its balancer, its request and the recorder. */
import type { Balancer, Outcome } from '../core/types.ts';
import { Chains } from './chains.ts';
import { Ejection } from './ejection.ts';
import type { Recorder } from './recorder.ts';
import { BALANCER } from './requests.ts';
import type { Requests } from './requests.ts';
import type { Stage } from './stage.ts';
import { BUSY, HANDLE, ORDER, OWNER, SENT_AT } from './tries.ts';
import type { Tries } from './tries.ts';

export class Notices {
  readonly #tries: Tries;
  readonly #requests: Requests | undefined;
  readonly #chains: Chains | undefined;
  readonly #balancers: readonly Balancer[];
  readonly #recorder: Recorder;
  readonly #ejection: Ejection | undefined;

  /** @param requests where requests may be sent again; elsewhere each has the one try */
  constructor(stage: Stage, tries: Tries, requests: Requests | undefined) {
    this.#tries = tries;
    this.#requests = requests;
    this.#chains = requests && new Chains(requests);
    this.#balancers = stage.members.balancers;
    this.#recorder = stage.recorder;
    this.#ejection = stage.scenario.ejectAfter > 0 ? new Ejection(stage) : undefined;
  }

  /** The n-th balancer sends it. */
  sent(row: number, n: number, now: number): void {
    const { ints } = this.#tries;
    const handle = ints[row + HANDLE];
    this.#chains?.add(ints[row + OWNER], row);
    this.#recorder.picked(handle, now);
    this.#balancers[n].started(handle, now);
  }

  /** Somebody waited for it, and knows now how it ended. */
  ended(row: number, outcome: Outcome, now: number): void {
    const { ints, ms } = this.#tries;
    const owner = ints[row + OWNER];
    const handle = ints[row + HANDLE];
    const n = this.#requests ? this.#requests.ints[owner + BALANCER] : owner;
    this.#chains?.remove(owner, row);
    this.#balancers[n].finished(handle, now, outcome, now - ms[row + SENT_AT]);
    this.#ejection?.ended(n, handle, outcome, now);
  }

  /** Its request has its answer from another. */
  cancelled(row: number, now: number): void {
    const { ints } = this.#tries;
    this.ended(row, 'cancelled', now);
    this.#recorder.failedTry(ints[row + HANDLE], ints[row + ORDER], 0, now);
  }

  /** Nobody waits for it any more; what it kept busy was for nothing. */
  wasted(row: number): void {
    const { ints, ms } = this.#tries;
    this.#recorder.wasted(ints[row + HANDLE], ints[row + ORDER], ms[row + BUSY]);
  }
}
