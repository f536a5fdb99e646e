/** What a gateway counts, as Prometheus reads it. */
import { AggregatorRegistry, Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { Director } from './director.ts';
import { Durations } from './durations.ts';
import type { Membership } from './membership.ts';
import type { Parking } from './parking.ts';

/** What every gateway sees of the same fleet, so that it must not be summed over gateways. */
const ALIKE = new Set([
  ...['evenly_replicas_wanted', 'evenly_replicas_present', 'evenly_restarts_total'],
  ...['evenly_standbys', 'evenly_replicas_ejected'],
]);

/** Gauges of the library that are named as counters; what they show has a gauge by type beside them. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** A metric as the library writes it to JSON. */
interface Shared {
  readonly type: string;
}

/** The counters of one gateway, in a registry of their own. */
export class Metrics {
  readonly registry = new Registry();
  inFlight = 0;
  #inherited: readonly Shared[] = [];

  readonly #durations: Durations;
  readonly #retries: Counter<'reason'>;
  readonly #failures: Counter<'replica' | 'reason'>;
  readonly #refused: Counter<'code'>;
  readonly #ejections: Counter<'replica' | 'reason'>;
  readonly #hedges: Counter;
  readonly #shed: Counter<'reason'>;
  readonly #exhausted: Counter;
  /** Requests by replica and status. The library is told when it is asked: it hashes labels anew for each request. */
  readonly #answered = new Map<string, Map<number, number>>();

  constructor() {
    const registers = [this.registry];
    const answered = this.#answered;
    new Counter({
      name: 'evenly_requests_total',
      help: 'Requests answered, by replica and status; 499: the client went away',
      labelNames: ['replica', 'code'],
      registers,
      collect() {
        this.reset();
        for (const [replica, codes] of answered)
          for (const [code, n] of codes) this.inc({ replica, code }, n);
      },
    });
    this.#durations = new Durations({
      name: 'evenly_request_duration_seconds',
      help: 'Time from the head of a request to the end of its answer',
      labelNames: ['replica'],
      registers,
    });
    this.#retries = new Counter({
      name: 'evenly_retries_total',
      help: 'Requests tried again at another replica, by what went wrong',
      labelNames: ['reason'],
      registers,
    });
    this.#failures = new Counter({
      name: 'evenly_upstream_failures_total',
      help: 'Tries that brought no answer, by replica and reason',
      labelNames: ['replica', 'reason'],
      registers,
    });
    this.#ejections = new Counter({
      name: 'evenly_ejections_total',
      help: 'Times that a replica was ejected for what this gateway saw of it, by replica and reason',
      labelNames: ['replica', 'reason'],
      registers,
    });
    this.#hedges = new Counter({
      name: 'evenly_hedges_total',
      help: 'Requests that a second replica was asked for while the first had not answered',
      registers,
    });
    this.#shed = new Counter({
      name: 'evenly_shed_total',
      help: 'Requests that were refused rather than queued, by what there was too much of',
      labelNames: ['reason'],
      registers,
    });
    this.#exhausted = new Counter({
      name: 'evenly_retry_budget_exhausted_total',
      help: 'Retries that were not made because the budget was spent',
      registers,
    });
    this.#refused = new Counter({
      name: 'evenly_refused_total',
      help: 'Requests that were refused before a replica was picked, by status: malformed, too large or too slow',
      labelNames: ['code'],
      registers,
    });
    this.#gauge('evenly_in_flight', 'Requests under way', () => this.inFlight);
    collectDefaultMetrics({ register: this.registry });
    for (const name of MISNAMED) this.registry.removeSingleMetric(name);
  }

  /** Shows the fleet; called once, when there is one. */
  watch(membership: Membership, director: Director, parking: Parking): void {
    this.#gauge('evenly_replicas_wanted', 'Replicas that the supervisor keeps (N)', () => membership.wanted);
    this.#gauge('evenly_replicas_present', 'Replicas that requests can go to', () => director.size);
    this.#gauge(
      'evenly_standbys',
      'Replicas that wait to take the place of one that dies',
      () => membership.standbys,
    );
    this.#gauge(
      'evenly_replicas_ejected',
      'Replicas that are out for what this gateway saw of them',
      () => membership.ejected,
    );
    this.#gauge('evenly_requests_parked', 'Requests that wait for a replica to join', () => parking.size);
    new Counter({
      name: 'evenly_restarts_total',
      help: 'Replicas that took the place of one that failed',
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(membership.restarts);
      },
    });
  }

  ended(replica: string, code: number, seconds: number): void {
    let codes = this.#answered.get(replica);
    if (!codes) this.#answered.set(replica, (codes = new Map<number, number>()));
    codes.set(code, (codes.get(code) ?? 0) + 1);
    this.#durations.took(replica, seconds);
  }

  refused(code: number): void {
    this.#refused.inc({ code });
  }

  /** Shows the connections of clients; called once. */
  watchClients(connections: () => number): void {
    this.#gauge('evenly_connections', 'Connections of clients', connections);
  }

  retried(reason: string): void {
    this.#retries.inc({ reason });
  }

  ejected(replica: string, reason: string): void {
    this.#ejections.inc({ replica, reason });
  }

  hedged(): void {
    this.#hedges.inc();
  }

  shed(reason: string): void {
    this.#shed.inc({ reason });
  }

  exhausted(): void {
    this.#exhausted.inc();
  }

  failed(replica: string, reason: string): void {
    this.#failures.inc({ replica, reason });
  }

  /** Goes on with the counters of a gateway that has ended, as it shared them. */
  inherit(share: unknown): void {
    if (!Array.isArray(share)) return;
    const counters = (share as Shared[]).filter(({ type }) => type === 'counter' || type === 'histogram');
    this.#inherited = this.#inherited.length === 0 ? counters : sum([this.#inherited, counters]);
  }

  /** What a gateway tells another one that exposes the metrics of both. */
  async share(): Promise<unknown> {
    const all = await this.registry.getMetricsAsJSON();
    const own = all.map((metric) => (ALIKE.has(metric.name) ? { ...metric, aggregator: 'max' } : metric));
    return this.#inherited.length === 0 ? own : sum([own as unknown as Shared[], this.#inherited]);
  }

  /** The text for Prometheus, with what other gateways shared: sums, but for what all of them see alike. */
  async expose(others: readonly unknown[]): Promise<string> {
    if (others.length + this.#inherited.length === 0) return this.registry.metrics();
    const all = [await this.share(), ...others.filter((shared) => Array.isArray(shared))];
    return AggregatorRegistry.aggregate(all as object[]).metrics();
  }

  #gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(value());
      },
    });
  }
}

/** The sums of metrics that were shared, or what else they say of themselves. */
function sum(all: readonly (readonly Shared[])[]): Shared[] {
  const metrics = AggregatorRegistry.aggregate(all as unknown as object[]).getMetricsAsArray();
  return metrics.map((metric) => (metric as unknown as { get(): Shared }).get());
}
