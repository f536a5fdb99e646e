/** Every time between two with the same density: U. */
import type { LawEntry } from '../../types.ts';
import { inColumns } from '../draw.ts';
import { mean } from './mean.ts';
import { scaled } from './moments.ts';

export const uniform: LawEntry = {
  name: 'uniform',
  summary: 'lies evenly within so large a part of the mean on either side of it',
  source: 'Johnson, Kotz, Balakrishnan 1995, chapter 26',
  parameters: [mean, { name: 'spread', default: 1, min: 0, max: 1 }],
  make: ([ms, spread]) => {
    const least = ms * (1 - spread);
    const width = 2 * ms * spread;
    return inColumns(
      (random) => least + width * random(),
      (u, count) => {
        for (let i = 0; i < count; i++) u[i] = least + width * u[i];
      },
    );
  },
  moments: ([ms, spread]) => scaled(ms, 1 + (spread * spread) / 3, 1 + spread * spread),
};
