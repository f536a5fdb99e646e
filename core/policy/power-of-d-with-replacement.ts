/** The less loaded of d draws that may fall on the same replica twice, as proxies and most proofs make them. */
import type { PolicyEntry } from '../types.ts';
import { withReplacement } from './drawn.ts';
import { leastOf } from './least-of.ts';

export const powerOfDWithReplacementEntry: PolicyEntry = {
  name: 'power-of-d-with-replacement',
  summary: 'draws d times, perhaps one replica twice, and takes the one with the fewest requests in flight',
  source: 'Azar, Broder, Karlin, Upfal 1994, Balanced Allocations; Envoy, least_request with choice_count',
  parameters: [{ name: 'd', default: 2, min: 1, max: 1000, integer: true }],
  weights: false,
  sees: 'some',
  make:
    ([d]) =>
    (options) =>
      leastOf((n) => (n === 0 ? 0 : d), withReplacement, options),
};
