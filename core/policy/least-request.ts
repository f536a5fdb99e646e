/** The replica with the fewest requests in flight for its weight, as Envoy weighs them; ties in rotation. */
import type { PolicyEntry } from '../types.ts';
import { NONE } from '../types.ts';
import { fleet } from './fleet.ts';
import type { Fleet } from './fleet.ts';
import { Levels } from './levels.ts';
import { lightest } from './lightest.ts';
import { Tournament } from './tournament.ts';

/** Up to so many members a look at each costs less than an index that every request changes twice. */
const FEW = 16;

export const leastRequestEntry: PolicyEntry = {
  name: 'least-request',
  summary: 'takes the fewest requests in flight for the weight, ties in rotation',
  source: 'Winston 1977 (join the shortest queue); Envoy, least_request',
  weights: true,
  sees: 'all',
  make:
    () =>
    ({ load }) => {
      const crew = fleet();
      const { members, handles } = crew;
      const index = indexOf(crew);
      const inFlight = load ?? crew.inFlight;
      let after = 0;

      function pick(_request: unknown, now: number): number {
        const n = members.length;
        if (n === 0) return NONE;
        const from = after % n;
        const few = n <= FEW || load !== undefined;
        const best = few ? lightest(members, inFlight, from, now) : index.lightest(from);
        after = best + 1;
        return handles[best];
      }
      return { ...index.verbs, pick };
    },
};

/** What answers for a large fleet, by place. */
interface Index {
  add(place: number, change: number): void;
  lightest(from: number): number;
}

/** The fleet's verbs, and an index that is made anew after a change of members. */
function indexOf(crew: Fleet): { verbs: Omit<Fleet, 'members' | 'handles'>; lightest(from: number): number } {
  const { members, handles, ...verbs } = crew;
  /** Of members by handle, NONE of all others, as the index was made. */
  let places = new Int32Array(0);
  let index: Index | undefined;

  function make(): Index {
    places = new Int32Array(handles.reduce((most, handle) => Math.max(most, handle), 0) + 1).fill(NONE);
    handles.forEach((handle, place) => (places[handle] = place));
    const loads = handles.map((handle) => crew.inFlight(handle) + 1);
    const weights = members.map(({ weight }) => weight);
    const alike = weights.every((weight) => weight === weights[0]);
    return alike ? new Levels(loads) : new Tournament(loads, weights);
  }

  function changed(handle: number, by: number): void {
    if (index === undefined) return;
    const place = places[handle];
    if (place >= 0) index.add(place, by);
  }

  return {
    verbs: {
      ...verbs,
      started(handle) {
        crew.started(handle);
        changed(handle, 1);
      },
      finished(handle) {
        crew.finished(handle);
        changed(handle, -1);
      },
      joined(replica) {
        crew.joined(replica);
        index = undefined;
      },
      left(handle) {
        crew.left(handle);
        index = undefined;
      },
    },
    lightest: (from) => (index ??= make()).lightest(from),
  };
}
