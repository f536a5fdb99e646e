/** What a load came to. */
import type { ResponseTimes } from '../../core/result.ts';
import type { Fit } from '../fit.ts';
import type { Ending } from './sender.ts';

/** One step of the timeline. `sent` counts by the time of sending, the others by that of the answer. */
export interface LoadStep {
  readonly fromMs: number;
  readonly sent: number;
  readonly ok: number;
  readonly failed: number;
  readonly replicas: Readonly<Partial<Record<string, number>>>;
}

/** Requests of a kind of failure. `shed`: not sent, since too many were under way. */
export type Errors = Readonly<Partial<Record<Exclude<Ending, 'ok'> | 'shed', number>>>;

/** What a load came to. */
export interface LoadResult {
  readonly url: string;
  readonly arrivals: string;
  readonly ids: string;
  readonly seed: number;
  readonly sent: number;
  readonly ok: number;
  readonly failed: number;
  /** Still under way when the run was ended early. */
  readonly unfinished: number;
  readonly errors: Errors;
  readonly statuses: Readonly<Record<string, number>>;
  /** Requests that each replica answered, by name in order. */
  readonly replicas: readonly { readonly replica: string; readonly requests: number }[];
  /** Of good answers, from the intended start: what a user sees who comes at that time (no coordinated omission). */
  readonly responseMs: ResponseTimes;
  /** Of good answers, from sending: what a generator that waits for its target would have reported. */
  readonly fromSendingMs: ResponseTimes;
  /** How late requests were sent: the generator's own error, which is within `responseMs`. */
  readonly lateMs: ResponseTimes;
  /** What replicas said of how long they served, in the order of the answers; empty where they do not say. */
  readonly serviceMs: readonly number[];
  readonly durationMs: number;
  /** Good answers a second. */
  readonly ratePerSecond: number;
  readonly timeline: readonly LoadStep[];
  /** Whether the machine had the time to measure this. */
  readonly fit: Fit;
}
