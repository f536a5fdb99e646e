/** Each request to a replica drawn uniformly: memoryless, and the yardstick for the others. */
import { uniforms } from '../random/uniforms.ts';
import type { PolicyEntry } from '../types.ts';
import { NONE } from '../types.ts';
import { fleet } from './fleet.ts';

export const randomEntry: PolicyEntry = {
  name: 'random',
  summary: 'draws a replica uniformly for each request',
  source: 'Azar, Broder, Karlin, Upfal 1994 (the single-choice case)',
  weights: false,
  sees: 'nothing',
  make:
    () =>
    ({ random }) => {
      const { handles, ...verbs } = fleet();
      const pick = (): number =>
        handles.length === 0 ? NONE : handles[Math.floor(random() * handles.length)];
      let drawn = new Float64Array(0);
      return {
        ...verbs,
        pick,
        picks(_keys, out, count) {
          const n = handles.length;
          if (n === 0) {
            out.fill(NONE, 0, count);
            return;
          }
          if (drawn.length < count) drawn = new Float64Array(count);
          uniforms(random, drawn, count);
          const u = drawn;
          for (let i = 0; i < count; i++) out[i] = handles[Math.floor(u[i] * n)];
        },
      };
    },
};
