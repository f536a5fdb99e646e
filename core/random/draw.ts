/** Draws from the distributions that arrivals, keys and service times share, each by inversion or an exact method. */
import type { Random, Sampler } from '../types.ts';
import { exponentials, minusLogOf1Minus } from './log.ts';
import { uniforms } from './uniforms.ts';

/** The next `count` values of a law, into the front of `out`. */
export function draws(law: Sampler, random: Random, out: Float64Array, count: number): void {
  if (law.fill !== undefined) law.fill(random, out, count);
  else for (let i = 0; i < count; i++) out[i] = law(random);
}

/** A law that takes one uniform number a value, with what makes values of a column of them, in its place. */
export function inColumns<T>(
  one: (random: Random) => T,
  all: (u: Float64Array, count: number) => void,
): Sampler<T> {
  return Object.assign(one, {
    fill(random: Random, out: Float64Array, count: number): void {
      uniforms(random, out, count);
      all(out, count);
    },
  });
}

/** Always the same. */
export function constantOf(value: number): Sampler {
  return Object.assign(() => value, {
    fill: (_random: Random, out: Float64Array, count: number) => void out.fill(value, 0, count),
  });
}

/** Exponential, by inversion of 1 - u, which is never 0. */
export function exponentialOf(mean: number): Sampler {
  return Object.assign((random: Random) => mean * minusLogOf1Minus(random()), {
    fill(random: Random, out: Float64Array, count: number): void {
      exponentials(mean, random, out, count);
    },
  });
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
