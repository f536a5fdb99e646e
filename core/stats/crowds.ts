/**
 * How many crowds a run holds: stretches of long queues that come and go independently. A tail is seen only as often as
 * they come, however many requests each of them holds, so a short run of a busy fleet can miss it altogether, and then looks calm.
 */
import { sum } from './sum.ts';

/** When requests came, by batch of arrivals. */
export interface Arrived {
  readonly requests: ArrayLike<number>;
  /** Time from a batch's first arrival to the next one's. */
  readonly spans: ArrayLike<number>;
}

/** What makes queues grow, and what ends them. */
export interface Queue {
  /** Offered load of the busiest, a share of its capacity. */
  readonly load: number;
  /** Squared coefficient of variation of the work that a request brings. */
  readonly variation: number;
  /** Variance of the number of arrivals in a long time over its mean; undefined where only the run can tell. */
  readonly dispersion?: number | undefined;
  /** Requests that may be at a replica. */
  readonly places: number;
  /** How often a ms a queue is emptied or left whatever its length: failures that lose it, clients who give up. */
  readonly resetsAMs: number;
}

/** Fewer crowds above a quantile than this say too little of it: one run in thirty then holds none. */
export const FEWEST_CROWDS = 3.5;
/** A few crowds vary more than their own spread tells: with so many, intervals miss half as often as they are asked to. */
const HALVING = 10;
/** Stretches that the burstiness is taken from: long enough for bursts, and enough for a variance. */
const STRETCHES = 64;

/**
 * Queues as a Brownian motion with drift between empty and full (Harrison 1985; Whitt 1989): a request of variance σ²
 * makes it forget the share (1 - ρ)² / 2σ² + π² σ² / 2K². Four times that is the (1 - ρ)² of an M/M/1, whose share 1 - ρ of
 * requests begin a busy period, of which a share 1 - ρ become crowds. What the laws tell is taken from them: a calm run
 * would seem to hold more crowds than it does, and be given the interval that it least deserves.
 */
export function crowdsIn({ requests, spans }: Arrived, queue: Queue): number {
  const n = sum(requests);
  const lastsMs = sum(spans);
  if (lastsMs === 0) return Infinity; // all at once: nothing to tell apart
  const bursts = queue.dispersion ?? dispersion(requests, spans, n, lastsMs);
  const variance = queue.variation + bursts || Number.MIN_VALUE;
  const drift = 1 - queue.load;
  const width = queue.places;
  const forgets = (drift * drift) / (2 * variance) + (Math.PI * Math.PI * variance) / (2 * width * width);
  return 4 * (n * forgets + lastsMs * queue.resetsAMs);
}

/** The confidence to ask of an interval from so many crowds, so that it is held as often as `confidence`. */
export function surer(confidence: number, crowds: number): number {
  return 1 - (1 - confidence) / (1 + HALVING / crowds);
}

/** Index of dispersion of the arrivals: the variance of their number over its mean, 1 for Poisson's, more for bursts. */
function dispersion(
  requests: ArrayLike<number>,
  spans: ArrayLike<number>,
  n: number,
  lastsMs: number,
): number {
  const beyond = new Float64Array(Math.min(STRETCHES, requests.length));
  for (let i = 0; i < requests.length; i++) {
    beyond[Math.floor((i * beyond.length) / requests.length)] += requests[i] - (n * spans[i]) / lastsMs;
  }
  return beyond.reduce((sum, more) => sum + more * more, 0) / n;
}
