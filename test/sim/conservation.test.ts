/** What holds whatever goes wrong: every request ends once, and every balancer hears of every end of what it started. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scenario } from '../../core/scenario.ts';
import type { Scenario } from '../../core/scenario.ts';
import { tables } from '../../core/tables.ts';
import type { Balancer, Outcome } from '../../core/types.ts';
import { simulate } from '../../sim/run.ts';

const ENDS: readonly Outcome[] = ['ok', 'rejected', 'refused', 'lost', 'timeout', 'abandoned', 'cancelled'];

/** What one balancer was told. */
interface Told {
  inFlight: Map<number, number>;
  members: Set<number>;
  ends: Record<string, number>;
}

/** A run whose balancers are watched; throws at the first thing that no balancer may be told. */
function watched(s: Scenario): { told: Told[]; result: ReturnType<typeof simulate> } {
  const told: Told[] = [];
  const watch = (balancer: Balancer): Balancer => {
    const seen: Told = { inFlight: new Map(), members: new Set(), ends: {} };
    told.push(seen);
    return {
      ...balancer,
      started(handle, now) {
        expect(seen.members.has(handle), 'only members are sent to').toBe(true);
        seen.inFlight.set(handle, (seen.inFlight.get(handle) ?? 0) + 1);
        balancer.started(handle, now);
      },
      finished(handle, now, outcome, tookMs) {
        const left = (seen.inFlight.get(handle) ?? 0) - 1;
        expect(left, 'nothing finishes that was not started').toBeGreaterThanOrEqual(0);
        expect(tookMs).toBeGreaterThanOrEqual(0);
        seen.inFlight.set(handle, left);
        seen.ends[outcome] = (seen.ends[outcome] ?? 0) + 1;
        balancer.finished(handle, now, outcome, tookMs);
      },
      joined(replica, now) {
        expect(seen.members.has(replica.handle), 'nobody joins twice').toBe(false);
        seen.members.add(replica.handle);
        balancer.joined(replica, now);
      },
      left(handle, now) {
        expect(seen.members.delete(handle), 'only members leave').toBe(true);
        balancer.left(handle, now);
      },
    };
  };
  const policy = tables.policies.choose(s.policy).entry;
  const spied = {
    ...policy,
    sees: undefined,
    make: (args: readonly number[]) => (options: Parameters<ReturnType<typeof policy.make>>[0]) =>
      watch(policy.make(args)(options)),
  };
  const result = simulate(s, { ...tables, policies: tables.policies.with(spied) });
  return { told, result };
}

const maybe = <T extends object>(given: T): fc.Arbitrary<Partial<T>> =>
  fc.boolean().map((on) => (on ? given : {}));
const one = <T extends object>(...given: T[]): fc.Arbitrary<Partial<T>> => fc.constantFrom({}, ...given);

/** Any features together, mostly in trouble: at 300 requests a second the run takes about a second. */
const anyScenario: fc.Arbitrary<Partial<Scenario>> = fc
  .tuple(
    one(
      { policy: 'random' },
      { policy: 'least-request' },
      { policy: 'round-robin' },
      { policy: 'power-of-d' },
    ),
    one({ arrivals: 'mmpp(900,50,100,200)' }, { arrivals: 'closed(20,10,1)' }, { arrivals: 'constant(500)' }),
    one({ discipline: 'ps' }, { workers: 2, queue: 3 }, { discipline: 'ps', queue: 2 }, { queue: 0 }),
    maybe({ network: 'exponential(3)' }),
    one({ timeout: 8 }, { timeout: 50, cancel: 'all' }, { timeout: 30, cancel: 'waiting' }),
    one(
      { retries: 1 },
      { retries: 3, retryAt: 'anywhere', retryBudget: 0.5 },
      { retries: 2, backoff: 'exponential(4)' },
    ),
    one({ hedge: '4ms' }, { hedge: 'p90', cancel: 'all' }, { hedge: '0ms', cancel: 'waiting' }),
    maybe({ patience: 'exponential(10)' }),
    one({ heartbeat: 50, heartbeatTimeout: 60 }, { heartbeat: 20, heartbeatTimeout: 30, silent: 'replace' }),
    maybe({ ejectAfter: 2, ejectFor: 100, ejectMost: 0.5 }),
    one(
      { failAt: '200ms:S1+500ms:S2' },
      { mtbf: 'exponential(200)' },
      { mtbf: 'exponential(200)', mttr: 'exponential(50)' },
      { mtbf: 'exponential(200)', mttr: 'exponential(50)', breakdown: 'resume' },
    ),
    maybe({ slowAt: '100ms/500ms:S1x10+300ms/100ms:S1x3' }),
    maybe({ pauseAt: '100ms/300ms:S1+200ms/400ms:S1+700ms/100ms:S2' }),
    maybe({ partitionAt: '150ms/200ms:S2+600ms/300ms:S3' }),
    one({ autoscale: 'in-flight', target: 2 }, { autoscale: 'utilisation', target: 0.4 }),
    one({ balancers: 3 }, { balancers: 2, deal: 'round-robin' }),
    one({ speeds: '1:2:0.5' }, { ramp: 200 }),
    fc.record({ seed: fc.nat() }),
  )
  .map((parts) => Object.assign({}, ...parts) as Partial<Scenario>);

const always: Partial<Scenario> = {
  ...{ requests: 300, arrivals: 'poisson(400)', slots: 4096, placement: 'ring', detect: 30, start: 40 },
  ...{ scaleEvery: 100, scaleMax: 8, overload: 'allow' },
};

describe('whatever is switched on', () => {
  it('every request ends once, and every try that a balancer started it finished', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(anyScenario, (given) => {
        const s = scenario({ ...always, ...given });
        const { told, result } = watched(s);
        const { completed, failures, requests, retries, hedges } = result.summary;
        const failed = Object.values<number>({ ...failures }).reduce((a, b) => a + b);
        expect([requests, completed + failed]).toEqual([300, 300]);
        for (const { inFlight } of told)
          expect(Math.max(0, ...inFlight.values()), 'in flight at the end').toBe(0);
        const ends = told.flatMap(({ ends: of }) => Object.entries(of));
        const tries = ends.reduce((sum, [, n]) => sum + n, 0);
        expect(tries).toBeLessThanOrEqual(300 + Number(retries) + Number(hedges));
        expect(tries).toBe(result.replicas.reduce((sum, row) => sum + row.requests, 0));
        expect(tries).toBe(result.replicas.reduce((sum, row) => sum + row.completed + row.failed, 0));
        expect(ends.filter(([end]) => end === 'ok').reduce((sum, [, n]) => sum + n, 0)).toBe(completed);
        for (const [end] of ends) seen.add(end);
      }),
      { numRuns: 60 },
    );
    expect([...seen].sort(), 'every kind of end came up').toEqual([...ENDS].sort());
  });

  it('the same seed gives the same bytes, and requests carry the same keys', () => {
    const usual = keysOf(scenario({ ...always, requests: 100 }));
    fc.assert(
      fc.property(anyScenario, (given) => {
        const s = scenario({ ...always, ...given, arrivals: 'poisson(400)', requests: 100, seed: 42 });
        // A key is drawn when a policy asks for it, after those of all requests before.
        const keys = keysOf(s);
        if (s.policy === 'by-key') expect(keys).toHaveLength(usual.length);
        expect(keys).toEqual(usual.slice(0, keys.length));
        expect(JSON.stringify(simulate(s))).toBe(JSON.stringify(simulate(s)));
      }),
      { numRuns: 25 },
    );
  });
});

/** The keys that were drawn, in order. */
function keysOf(s: Scenario): unknown[] {
  const drawn: unknown[] = [];
  const entry = tables.keys.choose(s.keys).entry;
  const spied: typeof entry = {
    ...entry,
    make: (args) => () => {
      const key = entry.make(args)();
      return (random) => drawn[drawn.push(key(random)) - 1] as number;
    },
  };
  simulate(s, { ...tables, keys: tables.keys.with(spied) });
  return drawn;
}
