/** One run of the load generator, from its first request to its last answer. */
import { stream } from '../../core/random/stream.ts';
import { tables } from '../../core/tables.ts';
import type { Arrivals, Random } from '../../core/types.ts';
import { clock } from '../clock.ts';
import { Ledger } from './ledger.ts';
import type { LoadOptions, LoadPlan } from './options.ts';
import type { Sender } from './sender.ts';

/** Sends by its schedule or by its clients' answers, until the plan or somebody ends it. */
export class Run {
  readonly ledger: Ledger;
  readonly over: Promise<void>;

  readonly #plan: LoadPlan;
  readonly #sender: Sender;
  readonly #arrivals: Arrivals;
  readonly #nextId: () => string | null;
  readonly #gaps: Random;
  readonly #now = clock();
  readonly #onProgress: LoadOptions['onProgress'];
  readonly #timers = new Set<NodeJS.Timeout>();
  #resolve: () => void = () => undefined;
  /** No more requests are to come. */
  #closed = false;
  /** What comes now is not counted any more. */
  #stopped = false;

  constructor(plan: LoadPlan, sending: Sender, onProgress: LoadOptions['onProgress']) {
    this.#plan = plan;
    this.#sender = sending;
    this.#onProgress = onProgress;
    this.ledger = new Ledger(plan);
    const { entry, args } = tables.arrivals.choose(plan.arrivals);
    this.#arrivals = entry.make(args);
    this.#nextId = idsOf(plan);
    this.#gaps = stream(plan.seed, 'arrivals');
    this.over = new Promise((resolve) => (this.#resolve = resolve));
    this.#begin();
  }

  /** Ends the run now; requests under way are left unfinished. */
  stop(): void {
    this.#closed = true;
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#resolve();
  }

  #begin(): void {
    const { durationMs } = this.#plan;
    const arrivals = this.#arrivals;
    if (arrivals.kind === 'open') this.#keepSchedule(arrivals.gapMs, arrivals.gapMs(this.#gaps));
    else for (let client = 0; client < arrivals.clients; client++) this.#send(0);
    if (arrivals.kind === 'closed' && Number.isFinite(durationMs)) this.#after(durationMs, this.#close);
  }

  /** Sends all that is due, then sleeps until the next is. The end is on the schedule too, so the number of requests
   *  does not depend on luck. Timers have ticks of 1 ms; `lateMs` shows what that costs. */
  #keepSchedule(gapMs: (random: Random) => number, firstMs: number): void {
    const { durationMs } = this.#plan;
    let dueMs = firstMs;
    const turn = (): void => {
      while (!this.#closed && dueMs <= Math.min(this.#now(), durationMs)) {
        this.#send(dueMs);
        dueMs += gapMs(this.#gaps);
      }
      if (dueMs > durationMs) this.#close();
      else if (!this.#closed) this.#after(dueMs - this.#now(), turn);
    };
    this.#after(dueMs, turn);
  }

  #send(intendedMs: number): void {
    const { mostUnderWay, requests } = this.#plan;
    const { ledger } = this;
    if (this.#closed) return;
    if (ledger.sent + 1 >= requests) this.#closed = true;
    const id = this.#nextId();
    const sentMs = this.#now();
    if (this.#arrivals.kind === 'open' && ledger.sent - ledger.done >= mostUnderWay) {
      ledger.shed(sentMs);
      if (this.#closed) this.#finish();
      return;
    }
    ledger.sending(intendedMs, sentMs);
    this.#sender.send(id, (reply) => {
      if (this.#stopped) return;
      const now = this.#now();
      ledger.ended(reply, intendedMs, sentMs, now);
      this.#onProgress?.(ledger.done, Number.isFinite(requests) ? requests : undefined);
      if (this.#closed) this.#finish();
      else if (this.#arrivals.kind === 'closed') this.#think(this.#arrivals.thinkMs(this.#gaps), now);
    });
  }

  /** A client's next request is due when it has thought about the last answer. */
  #think(thinkMs: number, now: number): void {
    if (thinkMs === 0) this.#send(now);
    else
      this.#after(thinkMs, () => {
        this.#send(now + thinkMs);
      });
  }

  readonly #close = (): void => {
    this.#closed = true;
    this.#finish();
  };

  #finish(): void {
    if (this.ledger.done === this.ledger.sent) this.stop();
  }

  #after(ms: number, then: () => void): void {
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        then();
      },
      Math.max(0, ms),
    );
    this.#timers.add(timer);
  }
}

/** The ids in order, or none. */
function idsOf({ ids, seed }: LoadPlan): () => string | null {
  if (ids === 'none') return () => null;
  const { entry, args } = tables.keys.choose(ids);
  const next = entry.make(args)();
  const random = stream(seed, 'keys');
  return () => String(next(random));
}
