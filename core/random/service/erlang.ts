/** The sum of k exponential stages: steadier than one of them, E_k. */
import type { LawEntry, Sampler } from '../../types.ts';
import { mean } from './mean.ts';
import { scaled } from './moments.ts';

/** So many uniforms of at least 2^-53 multiply without underflow, which spares all but one of their logarithms. */
const FACTORS = 16;

/** -(mean / k) ln(u1 … uk), each u in (0, 1]. */
function erlangOf(mean: number, stages: number): Sampler {
  return (random) => {
    let sum = 0;
    for (let left = stages; left > 0; left -= FACTORS) {
      let product = 1;
      for (let i = Math.min(left, FACTORS); i > 0; i--) product *= 1 - random();
      sum += Math.log(product);
    }
    return (-mean / stages) * sum;
  };
}

export const erlang: LawEntry = {
  name: 'erlang',
  summary: 'is the sum of k exponential stages; its coefficient of variation is 1/√k',
  source: 'Erlang 1917; E_k in Kendall 1953',
  parameters: [mean, { name: 'k', default: 2, min: 1, max: 1000, integer: true }],
  make: ([ms, k]) => erlangOf(ms, k),
  moments: ([ms, k]) => scaled(ms, (k + 1) / k, ((k + 1) * (k + 2)) / (k * k)),
};
