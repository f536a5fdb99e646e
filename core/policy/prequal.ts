/** Prequal: probes sent with each request tell the next ones which replicas are quick and which have too much to do. */
import type { PolicyEntry } from '../types.ts';
import { NONE } from '../types.ts';
import { withoutReplacement } from './drawn.ts';
import { fleet } from './fleet.ts';
import { ProbePool } from './prequal-pool.ts';

/** The constants of the paper's section 4 and 5. */
const REMOVALS = 1;
const SPARE = 1;
/** With fewer probes a choice is none, and a random replica takes the request. */
const LEAST = 2;

/** How often a probe may be used: so often that the pool does not run dry, (1 + δ) / ((1 - m/n) probes - removals). */
export function reuses(pool: number, replicas: number, probes: number): number {
  const surplus = (1 - pool / replicas) * probes - REMOVALS;
  return surplus > 0 ? Math.max(1, (1 + SPARE) / surplus) : Infinity;
}

export const prequalEntry: PolicyEntry = {
  name: 'prequal',
  summary: 'probes replicas beside the requests: of those not hot by requests in flight, the quickest',
  source:
    'Wydrowski, Kleinberg, Rumble, Archer 2024, NSDI: Load is not what you should balance: Introducing Prequal',
  parameters: [
    { name: 'probes', default: 3, min: 0.1, max: 100 },
    { name: 'pool', default: 16, min: 2, max: 1000, integer: true },
    { name: 'quantile', default: 0.84, min: 0, max: 1 },
  ],
  weights: false,
  needs: 'probes',
  make:
    ([probes, size, quantile]) =>
    ({ random }) => {
      const replicas = fleet();
      const { handles } = replicas;
      const present = new Set<number>();
      const { place } = withoutReplacement();
      const pool = new ProbePool(size, quantile);
      /** Replicas to probe, different ones for each request. */
      let targets: number[] = [];
      let owed = 0;

      function draw(): void {
        owed += probes;
        const due = Math.min(Math.floor(owed), handles.length);
        owed -= Math.floor(owed);
        targets = [];
        for (let i = 0; i < due; i++) targets.push(handles[place(i, handles.length, random())]);
      }

      return {
        pick(_request, now) {
          if (handles.length === 0) return NONE;
          draw();
          pool.expire(now);
          if (pool.length < LEAST) return handles[Math.floor(random() * handles.length)];
          const handle = pool.take();
          for (let i = 0; i < REMOVALS; i++) pool.remove();
          return handle;
        },
        started() {},
        finished() {},
        joined: (replica) => {
          replicas.joined(replica);
          present.add(replica.handle);
        },
        left(handle) {
          replicas.left(handle);
          present.delete(handle);
          pool.forget(handle);
          targets = targets.filter((target) => target !== handle);
        },
        probe: () => targets.pop() ?? NONE,
        probed(handle, now, inFlight, latencyMs) {
          if (!present.has(handle)) return;
          const budget = reuses(size, handles.length, probes);
          const whole = Math.floor(budget);
          const uses = whole === budget || random() >= budget - whole ? whole : whole + 1;
          pool.add({ handle, latencyMs, atMs: now, inFlight, uses });
        },
      };
    },
};
