/** Who is told that a try was sent or has ended: its balancer, its request and the recorder. */
import type { Tables } from '../core/tables.ts';
import type { Balancer, Outcome } from '../core/types.ts';
import { Chains } from './chains.ts';
import type { Visit } from './discipline.ts';
import { Ejection } from './ejection.ts';
import type { Kernel } from './kernel.ts';
import { OWNER, SENT_AT } from './paths.ts';
import type { Paths } from './paths.ts';
import type { PicksAhead } from './picks-ahead.ts';
import type { Recorder } from './recorder.ts';
import { BALANCER } from './requests.ts';
import type { Requests } from './requests.ts';
import type { Stage } from './stage.ts';
import { ORDER } from './tries.ts';
import type { Tries } from './tries.ts';

/** What is on its way, and how the try that ended last had fared. */
interface Way {
  readonly tries: Tries;
  readonly stay: Visit;
  readonly paths: Paths;
}

/** What is known of a try beside it. */
interface Known {
  readonly way: Way;
  /** Where requests may be sent again; elsewhere each has the one try. */
  readonly requests: Requests | undefined;
  /** Where picks are made ahead: it counts in place of the balancer. */
  readonly ahead: PicksAhead | undefined;
}

export class Notices {
  readonly #way: Way;
  readonly #requests: Requests | undefined;
  readonly #ahead: PicksAhead | undefined;
  readonly #chains: Chains | undefined;
  readonly #balancers: readonly Balancer[];
  /** Whether what becomes of requests is nothing to the balancers. */
  readonly #blind: boolean;
  readonly #kernel: Kernel;
  readonly #recorder: Recorder;
  readonly #ejection: Ejection | undefined;

  constructor(stage: Stage, { way, requests, ahead }: Known, tables: Tables) {
    this.#way = way;
    this.#requests = requests;
    this.#ahead = ahead;
    this.#chains = requests && new Chains(requests);
    this.#balancers = stage.members.balancers;
    this.#blind = tables.policies.choose(stage.scenario.policy).entry.sees === 'nothing';
    this.#kernel = stage.kernel;
    this.#recorder = stage.recorder;
    this.#ejection = stage.scenario.ejectAfter > 0 ? new Ejection(stage) : undefined;
  }

  /** The n-th balancer sends it. */
  sent(row: number, n: number, handle: number): void {
    const { now } = this.#kernel;
    const { paths } = this.#way;
    this.#chains?.add(paths.ints[paths.at(row) + OWNER], row);
    this.#recorder.picked(handle, now);
    if (this.#ahead) this.#ahead.started(handle);
    else if (!this.#blind) this.#balancers[n].started(handle, now);
  }

  /** Somebody waited for it, and knows now how it ended; the visit says where. */
  ended(row: number, owner: number, outcome: Outcome): void {
    const { now } = this.#kernel;
    const { handle } = this.#way.stay;
    const n = this.#requests ? this.#requests.ints[owner + BALANCER] : owner;
    this.#chains?.remove(owner, row);
    if (this.#ahead) this.#ahead.finished(handle);
    else if (!this.#blind) this.#balancers[n].finished(handle, now, outcome, now - this.#sentAt(row));
    this.#ejection?.ended(n, handle, outcome, now);
  }

  /** Its request has its answer from another. */
  cancelled(row: number): void {
    const { paths, stay, tries } = this.#way;
    const { handle } = stay;
    this.ended(row, paths.ints[paths.at(row) + OWNER], 'cancelled');
    this.#recorder.failedTry(handle, tries.ints[row + ORDER], 0, this.#kernel.now);
  }

  /** Nobody waits for it any more; what it kept busy was for nothing. */
  wasted(row: number): void {
    const { stay, tries } = this.#way;
    this.#recorder.wasted(stay.handle, tries.ints[row + ORDER], stay.busyMs);
  }

  #sentAt(row: number): number {
    const { paths } = this.#way;
    return paths.ms[paths.at(row) + SENT_AT];
  }
}
