/** Draws from the distributions that arrivals, keys and service times share, each by inversion or an exact method. */
import type { Random, Sampler } from '../types.ts';
import { minusLogOf1Minus } from './log.ts';

/** Always the same. */
export function constantOf(value: number): Sampler {
  return () => value;
}

/** Exponential, by inversion of 1 - u, which is never 0. */
export function exponentialOf(mean: number): Sampler {
  return (random) => mean * minusLogOf1Minus(random());
}

/** Standard normal, by Box and Muller (1958); the second value is not kept, so a draw always takes two numbers. */
export function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}

/** x to the power y without Math.pow, which differs by an ulp between Node versions; for x > 0. */
export function power(x: number, y: number): number {
  return Math.exp(y * Math.log(x));
}
