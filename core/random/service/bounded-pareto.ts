/** A tail that falls as a power and ends: heavy as measured, with every moment finite. */
import type { LawEntry } from '../../types.ts';
import { power } from '../draw.ts';
import { mean } from './mean.ts';
import { scaled } from './moments.ts';

/** E[X^n] for values from 1 to `spread`: the integral of shape x^(n - shape - 1), over the mass 1 - spread^-shape. */
function moment(n: number, shape: number, spread: number): number {
  const logSpread = Math.log(spread);
  const gap = n - shape;
  // (e^(gap ln spread) - 1) / gap, which is ln spread where gap is 0.
  const integral = Math.abs(gap * logSpread) < 1e-9 ? logSpread : Math.expm1(gap * logSpread) / gap;
  return (shape * integral) / -Math.expm1(-shape * logSpread);
}

export const boundedPareto: LawEntry = {
  name: 'bounded-pareto',
  summary: 'has a heavy tail that ends at `spread` times the least value, as job sizes have',
  source: 'Harchol-Balter, Crovella, Murta 1999, On choosing a task assignment policy',
  parameters: [
    mean,
    { name: 'shape', default: 1.5, min: 0.1, max: 100 },
    { name: 'spread', default: 1000, min: 1.001, max: 1e9 },
  ],
  make([ms, shape, spread]) {
    const least = ms / moment(1, shape, spread);
    const mass = -Math.expm1(-shape * Math.log(spread));
    return (random) => least * power(1 - random() * mass, -1 / shape);
  },
  moments([ms, shape, spread]) {
    const one = moment(1, shape, spread);
    return scaled(ms, moment(2, shape, spread) / (one * one), moment(3, shape, spread) / (one * one * one));
  },
};
