/** The knobs of failover: what is tried again, how long is waited, who is ejected, and what is refused rather than queued. */
import { z } from 'zod';
import type { Hedge, TryTimeout } from './pace.ts';

const milliseconds = z.coerce.number().min(0).max(86_400_000);
const percent = z.coerce.number().min(0).max(100);
const many = z.coerce.number().int().min(0).max(1_000_000);

/** `50`, `50ms`, `1.5s`; undefined for what is no such time. */
function readMs(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(text);
  return match ? Number(match[1]) * (match[2] === 's' ? 1000 : 1) : undefined;
}

const spelled = z.union([z.number(), z.string()]).transform((value) => String(value).trim());

const tryTimeout = spelled.transform((text, context): TryTimeout => {
  if (text === 'auto') return 'auto';
  const ms = text === 'off' ? 0 : readMs(text);
  if (ms !== undefined) return ms;
  context.addIssue(`is '${text}', but must be auto, off, or a time such as 50ms`);
  return z.NEVER;
});

const hedge = spelled.transform((text, context): Hedge => {
  const quantile = /^p(\d{2}(?:\.\d+)?)$/.exec(text);
  if (quantile) return { quantile: Number(quantile[1]) / 100 };
  const ms = text === 'off' ? 0 : readMs(text);
  if (ms !== undefined) return ms;
  context.addIssue(`is '${text}', but must be off, a time such as 50ms, or a percentile such as p95`);
  return z.NEVER;
});

const statuses = z
  .union([z.string(), z.array(z.number()), z.number()])
  .transform((given, context): readonly number[] => {
    const list = String(given)
      .split(',')
      .map((text) => text.trim())
      .filter((text) => text !== '');
    const wrong = list.find((text) => !/^[45]\d\d$/.test(text));
    if (wrong === undefined) return list.map(Number);
    context.addIssue(`has '${wrong}', but must be statuses from 400 to 599, separated by commas`);
    return z.NEVER;
  });

/** Every knob, with its default. */
export const failoverShape = {
  /** Further replicas to try after the first. */
  retries: z.coerce.number().int().min(0).max(10).default(2),
  /** Statuses that are no answer to a request which can be sent twice, as long as there is another replica to ask. */
  retryOn: statuses.default([500, 502, 503, 504]),
  /** Retries in percent of requests, over ten seconds; what was never sent is not counted. */
  retryBudget: percent.default(20),
  /** Wait for the first byte before a replica is late, and another one is tried. */
  tryTimeout: tryTimeout.default('auto'),
  /** Wait for the first byte before another replica is asked as well. */
  hedge: hedge.default(0),
  /** Failures in a row that make a replica an outlier: broken connections and tries that timed out. */
  outlierFailures: z.coerce.number().int().min(1).max(1000).default(3),
  /** The same for answers with a status of `retryOn`. */
  outlierStatuses: z.coerce.number().int().min(1).max(1000).default(5),
  /** Standard deviations below the mean success rate of ten seconds that make one; 0 for never. */
  outlierDeviation: z.coerce.number().min(0).max(100).default(1.9),
  /** Length of an outlier's first ejection. */
  ejectMs: milliseconds.min(1).default(250),
  /** Most of the replicas that may be ejected at once, in percent. */
  maxEjected: percent.default(50),
  /** When fewer are left than this, in percent, the ejected take part again. */
  panic: percent.default(50),
  /** In which the picks of a replica that joined grow from a tenth to its share. */
  slowStartMs: milliseconds.default(0),
  /** Most requests that wait for a connection to one replica. */
  pending: many.default(1024),
  /** How much longer than ever the quickest answers may take before a replica gets no more than it can answer; 0 for any. */
  shedMs: milliseconds.default(500),
  /** Most requests under way, 0 for any; then 503. */
  maxInFlight: many.default(10_000),
  /** How long a request waits for a replica where there is none. */
  waitMs: milliseconds.default(1000),
  /** Answers of a known length up to this are passed on when they are there whole, so that half of one can be tried again. */
  holdBytes: z.coerce.number().int().min(0).max(1_048_576).default(65_536),
  /** Bodies of requests up to this are kept until the answer comes, so that another replica can be given all of them. */
  replayBytes: z.coerce.number().int().min(0).max(1_048_576).default(65_536),
};

const schema = z.strictObject(failoverShape);
export type FailoverOptions = z.output<typeof schema>;
export type FailoverGiven = z.input<typeof schema>;

/** The knobs of failover among those of a gateway: read for every request, hence an object of its own that is always alike. */
export function failoverOptions(config: FailoverOptions): FailoverOptions {
  return {
    retries: config.retries,
    retryOn: config.retryOn,
    retryBudget: config.retryBudget,
    tryTimeout: config.tryTimeout,
    hedge: config.hedge,
    outlierFailures: config.outlierFailures,
    outlierStatuses: config.outlierStatuses,
    outlierDeviation: config.outlierDeviation,
    ejectMs: config.ejectMs,
    maxEjected: config.maxEjected,
    panic: config.panic,
    slowStartMs: config.slowStartMs,
    pending: config.pending,
    shedMs: config.shedMs,
    maxInFlight: config.maxInFlight,
    waitMs: config.waitMs,
    holdBytes: config.holdBytes,
    replayBytes: config.replayBytes,
  };
}

/** Reads some of the knobs over those in force. @throws z.ZodError naming the first that is not legal */
export function turned(now: FailoverOptions, changes: object): FailoverOptions {
  const { hedge: then, ...rest } = now;
  const hedged = typeof then === 'number' ? then : `p${then.quantile * 100}`;
  return failoverOptions(schema.parse({ ...rest, retryOn: [...now.retryOn], hedge: hedged, ...changes }));
}

/** Flags, each with its help. */
export const failoverFlags: readonly (readonly [flag: string, help: string])[] = [
  ['retries <n>', 'further replicas to try after the first (2)'],
  ['retry-on <statuses>', "statuses that are tried again elsewhere, '' for none (500,502,503,504)"],
  ['retry-budget <percent>', 'most retries in percent of the requests of ten seconds (20)'],
  ['try-timeout <time>', 'wait before a replica is late, and another is tried: auto, off, or a time (auto)'],
  ['hedge <time>', 'wait before another replica is asked as well: off, a time, or as p95 (off)'],
  ['outlier-failures <n>', 'failures in a row that make a replica an outlier (3)'],
  ['outlier-statuses <n>', 'answers in a row with a status of --retry-on that do (5)'],
  [
    'outlier-deviation <k>',
    'so many standard deviations below the mean success rate do too, of five replicas or more; 0: never (1.9)',
  ],
  ['eject-ms <ms>', "length of an outlier's first ejection; each further one is twice as long (250)"],
  ['max-ejected <percent>', 'most of the replicas that may be ejected at once (50)'],
  ['panic <percent>', 'when fewer replicas are left, the ejected take part again (50)'],
  ['slow-start-ms <ms>', 'time in which a replica that joined gets its full share (0)'],
  ['pending <n>', 'most requests that wait for a connection to one replica (1024)'],
  [
    'shed-ms <ms>',
    'how much longer than ever all answers of a replica may take; then it gets what it can answer in that time, 0 for any (500)',
  ],
  ['max-in-flight <n>', 'most requests under way, 0 for any; then 503 (10000)'],
  ['wait-ms <ms>', 'how long a request waits for a replica where there is none (1000)'],
  [
    'hold-bytes <n>',
    'answers up to this are passed on whole, so that half of one can be tried again (65536)',
  ],
  ['replay-bytes <n>', 'bodies of requests up to this are kept for a further try (65536)'],
];
