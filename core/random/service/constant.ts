/** The same time every time: D. */
import type { LawEntry } from '../../types.ts';
import { constantOf } from '../draw.ts';
import { mean } from './mean.ts';
import { scaled } from './moments.ts';

export const constant: LawEntry = {
  name: 'constant',
  summary: 'takes the mean every time',
  source: 'D in Kendall 1953',
  parameters: [mean],
  make: ([ms]) => constantOf(ms),
  moments: ([ms]) => scaled(ms, 1, 1),
};
