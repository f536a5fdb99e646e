/** Service times in ms: each entry's first number is the mean, so that laws of one mean compare. */
import type { Entry, Parameter, Sampler } from '../types.ts';
import { constantOf, exponentialOf, normal, power } from './draw.ts';

const mean: Parameter = { name: 'mean', default: 5, min: 1e-6, max: 1e9 };

export const constant: Entry<Sampler> = {
  name: 'constant',
  summary: 'takes the mean every time',
  source: 'D in Kendall 1953',
  parameters: [mean],
  make: ([ms]) => constantOf(ms),
};

export const exponential: Entry<Sampler> = {
  name: 'exponential',
  summary: 'is memoryless; its coefficient of variation is 1',
  source: 'M in Kendall 1953',
  parameters: [mean],
  make: ([ms]) => exponentialOf(ms),
};

/** exp(μ + σZ) with σ² = ln(1 + cv²) and μ = ln(mean) - σ²/2. */
export const lognormal: Entry<Sampler> = {
  name: 'lognormal',
  summary: 'has a logarithm that is normal, the shape of most measured response times',
  source: 'Johnson, Kotz, Balakrishnan 1994, chapter 14',
  parameters: [mean, { name: 'cv', default: 1, min: 0, max: 100 }],
  make([ms, cv]) {
    const variance = Math.log1p(cv * cv);
    const mu = Math.log(ms) - variance / 2;
    const sigma = Math.sqrt(variance);
    return (random) => Math.exp(mu + sigma * normal(random));
  },
};

/** By inversion: the least value divided by u^(1/shape), u in (0, 1]; the least value is mean (shape - 1) / shape. */
export const pareto: Entry<Sampler> = {
  name: 'pareto',
  summary: 'has a heavy tail; its variance is infinite for shapes up to 2',
  source: 'Johnson, Kotz, Balakrishnan 1994, chapter 20',
  parameters: [mean, { name: 'shape', default: 2.5, min: 1.001, max: 100 }],
  make([ms, shape]) {
    const least = (ms * (shape - 1)) / shape;
    return (random) => least * power(1 - random(), -1 / shape);
  },
};
