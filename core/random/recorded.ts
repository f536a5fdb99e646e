/** What was recorded elsewhere, as entries of the tables: the times of arrivals, and the keys that they carried. */
import type { Arrivals, Entry, Key, Sampler } from '../types.ts';

const SOURCE = 'a file of the user’s own';

/**
 * Arrivals at the given times, in ms since the run begins, in order; each run replays them from the first, and none
 * comes after the last. Random numbers are not asked for.
 */
export function recordedArrivals(name: string, timesMs: readonly number[]): Entry<Arrivals> {
  const times = Float64Array.from(timesMs);
  const count = times.length;
  const perSecond = (1000 * count) / times[count - 1];
  return {
    name,
    summary: `replays ${count} recorded times`,
    source: SOURCE,
    make() {
      let next = 0;
      const gapMs = (): number => {
        if (next === count) return Infinity;
        const gap = times[next] - (next === 0 ? 0 : times[next - 1]);
        next++;
        return gap;
      };
      return { kind: 'open', gapMs, perSecond, count };
    },
  };
}

/** Keys in the recorded order, from the first again after the last. */
export function recordedKeys(name: string, keys: readonly Key[]): Entry<() => Sampler<Key>> {
  return {
    name,
    summary: `replays ${keys.length} recorded keys in turn`,
    source: SOURCE,
    make: () => () => {
      let next = 0;
      return () => keys[next++ % keys.length];
    },
  };
}
