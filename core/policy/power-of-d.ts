/** The less loaded of d replicas drawn without replacement: nearly as even as looking at all of them. */
import { uniforms } from '../random/uniforms.ts';
import type { Candidates, PolicyEntry } from '../types.ts';
import { NONE } from '../types.ts';
import { fleet } from './fleet.ts';

export const powerOfDEntry: PolicyEntry = {
  name: 'power-of-d',
  summary: 'draws d different replicas and takes the one with the fewest requests in flight',
  source: 'Mitzenmacher 2001, The Power of Two Choices; Vvedenskaya et al. 1996',
  parameters: [{ name: 'd', default: 2, min: 1, max: 1000, integer: true }],
  weights: false,
  sees: 'some',
  make:
    ([d]) =>
    ({ random, load }) => {
      const { handles, ...verbs } = fleet();
      const inFlight = load ?? verbs.inFlight;
      /** The place that step i of the shuffle swaps with place i. */
      const swapped: number[] = [];

      /**
       * The i-th of n places, by the first steps of a Fisher-Yates shuffle, whose swaps are traced back instead of made,
       * so that a pick needs no table as long as the fleet: d draws and d²/2 comparisons, and the draw is uniform.
       */
      function placeOf(i: number, n: number, u: number): number {
        let at = (swapped[i] = i + Math.floor(u * (n - i)));
        for (let k = i - 1; k >= 0; k--) if (at === swapped[k]) at = k;
        return at;
      }

      /** The first of equals wins. */
      function pick(_request: unknown, now: number): number {
        const n = handles.length;
        const draws = Math.min(d, n);
        let best = NONE;
        let least = Infinity;
        for (let i = 0; i < draws; i++) {
          const handle = handles[placeOf(i, n, random())];
          const requests = inFlight(handle, now);
          if (requests >= least) continue;
          best = handle;
          least = requests;
        }
        return best;
      }

      let u = new Float64Array(0);
      const candidates: Candidates = {
        get each() {
          return Math.min(d, handles.length);
        },
        draw(out, count) {
          const n = handles.length;
          const { each } = candidates;
          if (u.length < count * each) u = new Float64Array(count * each);
          uniforms(random, u, count * each);
          for (let first = 0; first < count * each; first += each)
            for (let i = 0; i < each; i++) out[first + i] = handles[placeOf(i, n, u[first + i])];
        },
      };
      return { ...verbs, pick, candidates };
    },
};
