/** The less loaded of d replicas drawn without replacement: nearly as even as looking at all of them. */
import type { PolicyEntry } from '../types.ts';
import { withoutReplacement } from './drawn.ts';
import { leastOf } from './least-of.ts';

export const powerOfDEntry: PolicyEntry = {
  name: 'power-of-d',
  summary: 'draws d different replicas and takes the one with the fewest requests in flight',
  source: 'Mitzenmacher 2001, The Power of Two Choices; Vvedenskaya et al. 1996',
  parameters: [{ name: 'd', default: 2, min: 1, max: 1000, integer: true }],
  weights: false,
  sees: 'some',
  make:
    ([d]) =>
    (options) =>
      leastOf((n) => Math.min(d, n), withoutReplacement(), options),
};
