/**
 * The histogram of response times by replica. Every request is counted here, so counting is an index into an array; the
 * library's own histogram hashes labels anew for each observation, which was a twentieth of a forwarded request.
 */
import { Histogram } from 'prom-client';
import type { HistogramConfiguration, MetricObjectWithValues, MetricValueWithName } from 'prom-client';

type Exposed = MetricObjectWithValues<MetricValueWithName<'replica'>>;
type Labels = Partial<Record<'replica' | 'le', string | number>>;

/** Upper edges in seconds, from half a millisecond: a replica of the lab takes a few. */
const EDGES_S = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface Counts {
  /** A bucket for each edge, and one for what is beyond the last. */
  readonly buckets: Float64Array;
  seconds: number;
}

/** Is what the library takes it for, and exposes the same lines. */
export class Durations extends Histogram<'replica'> {
  readonly #given: HistogramConfiguration<'replica'>;
  readonly #counts = new Map<string, Counts>();

  constructor(given: HistogramConfiguration<'replica'>) {
    super({ ...given, buckets: EDGES_S });
    this.#given = given;
  }

  /** A request was answered. */
  took(replica: string, seconds: number): void {
    let counts = this.#counts.get(replica);
    if (!counts)
      this.#counts.set(replica, (counts = { buckets: new Float64Array(EDGES_S.length + 1), seconds: 0 }));
    let bucket = 0;
    while (bucket < EDGES_S.length && seconds > EDGES_S[bucket]) bucket++;
    counts.buckets[bucket]++;
    counts.seconds += seconds;
  }

  override get(): Promise<Exposed> {
    const { help, name } = this.#given;
    const values = [...this.#counts].flatMap(([replica, counts]) => this.#lines(replica, counts));
    return Promise.resolve({
      aggregator: 'sum',
      help,
      name,
      type: 'histogram',
      values,
    } as unknown as Exposed);
  }

  /** The library asks for this instead where it writes text. */
  getForPromString(): Promise<Exposed> {
    return this.get();
  }

  #lines(replica: string, { buckets, seconds }: Counts): MetricValueWithName<'replica'>[] {
    const { name } = this.#given;
    const line = (suffix: string, labels: Labels, value: number): MetricValueWithName<'replica'> => {
      return { metricName: `${name}_${suffix}`, labels: { ...labels, replica }, value };
    };
    let upTo = 0;
    const cumulated = [...EDGES_S, '+Inf'].map((le, at) => line('bucket', { le }, (upTo += buckets[at])));
    return [...cumulated, line('sum', {}, seconds), line('count', {}, upTo)];
  }
}
