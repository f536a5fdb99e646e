/** The gamma law with a given coefficient of variation: constant at 0, exponential at 1, and all between and beyond. */
import type { LawEntry, Sampler } from '../../types.ts';
import { constantOf, exponentialOf, normal, power } from '../draw.ts';
import { mean } from './mean.ts';
import { scaled } from './moments.ts';

/** Shape at least 1: a squeezed normal cube, accepted more than 95 times in 100 (Marsaglia and Tsang 2000). */
function standard(shape: number): Sampler {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  return (random) => {
    for (;;) {
      const x = normal(random);
      const root = 1 + c * x;
      if (root <= 0) continue;
      const v = root * root * root;
      if (Math.log(1 - random()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v;
    }
  };
}

/** A gamma law of that mean and coefficient of variation; shapes below 1 by one of shape + 1 times u^(1/shape). */
export function gammaOf(mean: number, cv: number): Sampler {
  if (cv === 0 || mean === 0) return constantOf(mean);
  if (cv === 1) return exponentialOf(mean);
  const shape = 1 / (cv * cv);
  const scale = mean / shape;
  const draw = standard(shape < 1 ? shape + 1 : shape);
  if (shape >= 1) return (random) => scale * draw(random);
  return (random) => scale * draw(random) * power(1 - random(), 1 / shape);
}

export const gamma: LawEntry = {
  name: 'gamma',
  summary: 'has any coefficient of variation: 0 is constant, 1 exponential, 1/√k Erlang’s',
  source: 'Marsaglia, Tsang 2000, A simple method for generating gamma variables',
  parameters: [mean, { name: 'cv', default: 0.5, min: 0, max: 100 }],
  make: ([ms, cv]) => gammaOf(ms, cv),
  moments: ([ms, cv]) => scaled(ms, 1 + cv * cv, (1 + cv * cv) * (1 + 2 * cv * cv)),
};
