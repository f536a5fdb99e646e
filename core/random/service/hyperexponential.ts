/** One of two exponentials, mostly the short one: more variable than either, H2. */
import type { LawEntry } from '../../types.ts';
import { minusLogOf1Minus } from '../log.ts';
import { mean } from './mean.ts';
import { scaled } from './moments.ts';

/** Chance of the short phase where both bring half of the mean: p = (1 + √((c² - 1) / (c² + 1))) / 2. */
const shortChance = (cv: number): number => (1 + Math.sqrt((cv * cv - 1) / (cv * cv + 1))) / 2;

export const hyperexponential: LawEntry = {
  name: 'hyperexponential',
  summary:
    'is a short or a long exponential, each with half of the mean, for a coefficient of variation above 1',
  source: 'Morse 1958; balanced means as in Whitt 1982, Approximating a point process by a renewal process',
  parameters: [mean, { name: 'cv', default: 2, min: 1, max: 100 }],
  make([ms, cv]) {
    const p = shortChance(cv);
    const short = ms / (2 * p);
    const long = ms / (2 * (1 - p));
    return (random) => (random() < p ? short : long) * minusLogOf1Minus(random());
  },
  moments([ms, cv]) {
    const p = shortChance(cv);
    // p (1/2p)³ + (1 - p) (1/2(1 - p))³, times 3! of an exponential's third moment.
    const third = (6 / 8) * (1 / (p * p) + 1 / ((1 - p) * (1 - p)));
    return scaled(ms, 1 + cv * cv, third);
  },
};
