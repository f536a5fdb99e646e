/** What a load is: where to, how requests come, which ids they carry, and when to stop. */
import { InputError } from '../../core/input-error.ts';
import { duration, integer } from '../../core/knob.ts';
import { tables } from '../../core/tables.ts';

/** What may be asked of the load generator; only the target is needed. */
export interface LoadOptions {
  /** Where every request goes; with ids, `id=` is added to its query. */
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** An arrival process of core: `poisson(200)`, `constant(200)` or `closed(10,0)`. */
  readonly arrivals?: string;
  /** A key distribution of core for the ids, `random` and `sequential` in short, or `none`. */
  readonly ids?: string;
  /** Stop after so many requests; 10,000 (LAB A-1) unless a duration is given. */
  readonly requests?: number | undefined;
  /** Stop sending after so long. */
  readonly durationMs?: number | undefined;
  readonly seed?: number;
  /** Most connections; requests that find none free wait, and their wait counts. */
  readonly connections?: number;
  /** Longest wait for an answer, from sending. */
  readonly timeoutMs?: number;
  /** Most requests under way, waiting ones included; further ones are not sent and count as failed. */
  readonly mostUnderWay?: number;
  /** Width of a step of the timeline; 0 for none. */
  readonly bucketMs?: number;
  /** Ends the run early; what was measured so far is the result. */
  readonly signal?: AbortSignal;
  /** Called after each answer with how many there are, and of how many if that is known. */
  readonly onProgress?: (done: number, of: number | undefined) => void;
}

/** Options with nothing left open. */
export interface LoadPlan extends Required<Omit<LoadOptions, 'signal' | 'onProgress' | 'body'>> {
  readonly requests: number;
  readonly durationMs: number;
  readonly body: string | null;
}

const LAB_REQUESTS = 10_000;
const shorthands: Readonly<Record<string, string>> = { random: 'uniform', sequential: 'sequential' };

/** Fills in and checks. @throws InputError naming what is not legal */
export function loadPlan(given: LoadOptions): LoadPlan {
  const { arrivals = 'poisson(200)', ids = 'random', requests, durationMs } = given;
  return {
    method: 'GET',
    headers: {},
    seed: 42,
    connections: 128,
    timeoutMs: 10_000,
    mostUnderWay: 20_000,
    bucketMs: 0,
    ...given,
    url: target(given.url),
    body: given.body ?? null,
    arrivals: tables.arrivals.choose(arrivals).spec,
    ids: ids === 'none' ? ids : tables.keys.choose(shorthands[ids] ?? ids).spec,
    requests: requests ?? (durationMs === undefined ? LAB_REQUESTS : Infinity),
    durationMs: durationMs ?? Infinity,
  };
}

/** The flags of `lab.ts load`, as they were typed. */
export interface LoadFlags {
  readonly rate?: string;
  readonly clients?: string;
  readonly think: string;
  readonly arrivals: string;
  readonly requests?: string;
  readonly duration?: string;
  readonly id: string;
  readonly seed: string;
  readonly connections: string;
  readonly timeout: string;
  readonly method: string;
  readonly header: readonly string[];
  readonly body?: string;
  readonly bucket: string;
}

/** Reads the flags. @throws InputError naming flag, value and what is legal */
export function optionsOf(url: string, flags: LoadFlags): LoadOptions {
  const { requests, duration: length } = flags;
  return {
    url,
    arrivals: arrivalsOf(flags),
    ids: flags.id,
    requests: requests === undefined ? undefined : whole('requests', requests, 1e9),
    durationMs: length === undefined ? undefined : duration('duration', length),
    seed: whole('seed', flags.seed, Number.MAX_SAFE_INTEGER, 0),
    connections: whole('connections', flags.connections, 10_000),
    timeoutMs: duration('timeout', flags.timeout),
    bucketMs: duration('bucket', flags.bucket),
    method: flags.method.toUpperCase(),
    headers: Object.fromEntries(flags.header.map(header)),
    ...(flags.body !== undefined && { body: flags.body }),
  };
}

function arrivalsOf({ rate, clients, think, arrivals }: LoadFlags): string {
  if (clients === undefined) return `${arrivals}(${rate ?? 200})`;
  if (rate !== undefined)
    throw new InputError('Give --rate (an open loop) or --clients (a closed one), not both.');
  return `closed(${whole('clients', clients, 1e6)},${duration('think', think)})`;
}

function whole(flag: string, text: string, most: number, least = 1): number {
  return integer(least, most)(flag, text, tables);
}

function header(text: string): [string, string] {
  const at = text.indexOf(':');
  if (at < 1) throw new InputError(`--header is '${text}', but must be 'Name: value'.`);
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

function target(text: string): string {
  if (URL.canParse(text) && new URL(text).protocol === 'http:') return text;
  throw new InputError(`The target '${text}' is not an address such as http://127.0.0.1:5000/home.`);
}
