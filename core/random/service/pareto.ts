/** A tail that falls as a power, without an end. */
import type { LawEntry } from '../../types.ts';
import { power } from '../draw.ts';
import { mean } from './mean.ts';

/** By inversion: the least value divided by u^(1/shape), u in (0, 1]; the least value is mean (shape - 1) / shape. */
export const pareto: LawEntry = {
  name: 'pareto',
  summary: 'has a heavy tail; its variance is infinite for shapes up to 2',
  source: 'Johnson, Kotz, Balakrishnan 1994, chapter 20',
  parameters: [mean, { name: 'shape', default: 2.5, min: 1.001, max: 100 }],
  make([ms, shape]) {
    const least = (ms * (shape - 1)) / shape;
    return (random) => least * power(1 - random(), -1 / shape);
  },
  moments([ms, shape]) {
    const least = (ms * (shape - 1)) / shape;
    const second = shape > 2 ? (shape * least * least) / (shape - 2) : Infinity;
    const third = shape > 3 ? (shape * least * least * least) / (shape - 3) : Infinity;
    return { mean: ms, second, third, endless: shape };
  },
};
