/** The memoryless law: M. */
import type { LawEntry } from '../../types.ts';
import { exponentialOf } from '../draw.ts';
import { mean } from './mean.ts';
import { scaled } from './moments.ts';

export const exponential: LawEntry = {
  name: 'exponential',
  summary: 'is memoryless; its coefficient of variation is 1',
  source: 'M in Kendall 1953',
  parameters: [mean],
  make: ([ms]) => exponentialOf(ms),
  moments: ([ms]) => scaled(ms, 2, 6),
};
