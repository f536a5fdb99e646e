/** The first with the fewest requests in flight of a few members that are drawn for each request. */
import { uniforms } from '../random/uniforms.ts';
import type { Balancer, Candidates, PolicyOptions } from '../types.ts';
import { NONE } from '../types.ts';
import type { Drawing } from './drawn.ts';
import { fleet } from './fleet.ts';

/** @param draws how many are drawn of n members */
export function leastOf(
  draws: (n: number) => number,
  drawing: Drawing,
  { load, random }: Pick<PolicyOptions, 'load' | 'random'>,
): Balancer {
  const { handles, ...verbs } = fleet();
  const inFlight = load ?? verbs.inFlight;

  function pick(_request: unknown, now: number): number {
    const n = handles.length;
    const each = draws(n);
    let best = NONE;
    let least = Infinity;
    for (let i = 0; i < each; i++) {
      const handle = handles[drawing.place(i, n, random())];
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
      return draws(handles.length);
    },
    draw(out, count) {
      const n = handles.length;
      const { each } = candidates;
      if (u.length < count * each) u = new Float64Array(count * each);
      uniforms(random, u, count * each);
      drawing.places(u, each, n, out, count);
      for (let i = 0; i < count * each; i++) out[i] = handles[out[i]];
    },
  };
  return { ...verbs, pick, candidates };
}
