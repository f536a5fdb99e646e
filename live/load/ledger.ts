/** Counts what became of every request, and lays it out as rows. */
import type { Fit } from '../fit.ts';
import type { LoadPlan } from './options.ts';
import type { LoadResult, LoadStep } from './result.ts';
import type { Ending, Reply } from './sender.ts';
import { quantiles, record, times } from './times.ts';

interface Step {
  sent: number;
  ok: number;
  failed: number;
  replicas: Record<string, number>;
}

/** A sample large enough for any quantile that is reported; the rest of a long run is not kept. */
const MOST_SERVICE_TIMES = 100_000;

/** The ledger of one run. */
export class Ledger {
  sent = 0;
  done = 0;

  readonly #plan: LoadPlan;
  readonly #responses = times();
  readonly #fromSending = times();
  readonly #late = times();
  readonly #errors: Partial<Record<Exclude<Ending, 'ok'> | 'shed', number>> = {};
  readonly #statuses: Record<string, number> = {};
  readonly #replicas: Record<string, number> = {};
  readonly #steps = new Map<number, Step>();
  readonly #serviceMs: number[] = [];
  #ok = 0;
  #lastMs = 0;

  constructor(plan: LoadPlan) {
    this.#plan = plan;
  }

  sending(intendedMs: number, now: number): void {
    this.sent++;
    record(this.#late, now - intendedMs);
    const step = this.#step(now);
    if (step) step.sent++;
  }

  /** A request that was due but not sent. */
  shed(now: number): void {
    this.sent++;
    this.done++;
    count(this.#errors, 'shed');
    const step = this.#step(now);
    if (step) step.failed++;
  }

  ended(
    { ending, status, replica, serviceMs }: Reply,
    intendedMs: number,
    sentMs: number,
    now: number,
  ): void {
    this.done++;
    this.#lastMs = now;
    if (status > 0) count(this.#statuses, String(status));
    if (replica !== null) count(this.#replicas, replica);
    const step = this.#step(now);
    if (step && replica !== null) count(step.replicas, replica);
    if (serviceMs !== null && this.#serviceMs.length < MOST_SERVICE_TIMES) this.#serviceMs.push(serviceMs);
    if (ending === 'ok') {
      this.#ok++;
      if (step) step.ok++;
      record(this.#responses, now - intendedMs);
      record(this.#fromSending, now - sentMs);
    } else {
      count(this.#errors, ending);
      if (step) step.failed++;
    }
  }

  result(fit: Fit): LoadResult {
    const { url, arrivals, ids, seed } = this.#plan;
    const durationMs = this.#lastMs;
    const lateMs = quantiles(this.#late);
    return {
      url,
      arrivals,
      ids,
      seed,
      sent: this.sent,
      ok: this.#ok,
      failed: this.done - this.#ok,
      unfinished: this.sent - this.done,
      errors: this.#errors,
      statuses: this.#statuses,
      replicas: byName(this.#replicas),
      responseMs: quantiles(this.#responses),
      fromSendingMs: quantiles(this.#fromSending),
      lateMs,
      serviceMs: this.#serviceMs,
      durationMs,
      ratePerSecond: durationMs === 0 ? 0 : (this.#ok * 1000) / durationMs,
      timeline: this.#timeline(),
      fit,
    };
  }

  #step(now: number): Step | undefined {
    const { bucketMs } = this.#plan;
    if (bucketMs === 0) return undefined;
    const at = Math.floor(now / bucketMs);
    let step = this.#steps.get(at);
    if (!step) this.#steps.set(at, (step = { sent: 0, ok: 0, failed: 0, replicas: {} }));
    return step;
  }

  /** Every step from the first on, empty ones included, so that a chart has no holes. */
  #timeline(): LoadStep[] {
    const last = Math.max(-1, ...this.#steps.keys());
    return Array.from({ length: last + 1 }, (_, at) => ({
      fromMs: at * this.#plan.bucketMs,
      ...(this.#steps.get(at) ?? { sent: 0, ok: 0, failed: 0, replicas: {} }),
    }));
  }
}

function count<K extends string>(counts: Partial<Record<K, number>>, name: K): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

/** S2 before S10. */
function byName(counts: Readonly<Record<string, number>>): { replica: string; requests: number }[] {
  return Object.entries(counts)
    .map(([replica, requests]) => ({ replica, requests }))
    .sort((a, b) => a.replica.localeCompare(b.replica, 'en', { numeric: true }));
}
