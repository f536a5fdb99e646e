/** The events of a live run as compact NDJSON: a header line, then one array a verb, in the order of the calls. */
import { InputError } from '../../core/input-error.ts';
import type { Scenario } from '../../core/scenario.ts';
import type { Key, Outcome } from '../../core/types.ts';

/** The first line of a recording: what is needed to build the same balancer. */
export interface Header {
  readonly evenly: 'events';
  readonly format: 3;
  readonly scenario: Scenario;
  readonly node: string;
  readonly startedAt: string;
}

/**
 * One verb. The second element is always `now`, in ms since the start, exactly as the balancer got it.
 * `o` is another pick, for a request that some were tried for: the next in the key's fallback order.
 * `f` ends with the epoch of the balancer that was told: requests that a swap overtook finish on the old one.
 */
export type Event =
  | readonly [verb: 'j', now: number, handle: number, id: number, name: string, weight: number]
  | readonly [verb: 'l', now: number, handle: number]
  | readonly [verb: 'p', now: number, key: Key, handle: number]
  | readonly [verb: 'o', now: number, key: Key, tried: readonly number[], handle: number]
  | readonly [verb: 's', now: number, handle: number]
  | readonly [verb: 'f', now: number, handle: number, outcome: Outcome, tookMs: number, epoch: number]
  | readonly [verb: 'b', now: number, scenario: Scenario];

/** Where events go. */
export type Record = (event: Event) => void;

const shapes: Readonly<{ [verb: string]: readonly string[] | undefined }> = {
  j: ['number', 'number', 'number', 'string', 'number'],
  l: ['number', 'number'],
  p: ['number', 'number or string', 'number'],
  o: ['number', 'number or string', 'object', 'number'],
  s: ['number', 'number'],
  f: ['number', 'number', 'string', 'number', 'number'],
  b: ['number', 'object'],
};

/** Reads the first line. @throws InputError when it is not the header of a recording */
export function readHeader(line: string): Header {
  const header = json(line) as Partial<Header> | null | undefined;
  if (header?.evenly === 'events' && header.format === 3 && typeof header.scenario === 'object') {
    return header as Header;
  }
  throw new InputError(
    'This is not a recording of events: its first line is not {"evenly":"events","format":3,…}.',
  );
}

/** Reads any other line; undefined when it is not an event. */
export function readEvent(line: string): Event | undefined {
  const event = json(line);
  if (!Array.isArray(event)) return undefined;
  const [verb, ...values] = event as unknown[];
  const shape = typeof verb === 'string' ? shapes[verb] : undefined;
  const fits = shape?.length === values.length && values.every((v, i) => shape[i].includes(typeof v));
  return fits ? (event as unknown as Event) : undefined;
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
