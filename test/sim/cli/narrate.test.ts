/** The text of results that are too many for a table. */
import { describe, expect, it } from 'vitest';
import type { Result } from '../../../core/result.ts';
import { scenario } from '../../../core/scenario.ts';
import { tables } from '../../../core/tables.ts';
import { narrateRun, narrateSweep } from '../../../sim/cli/narrate.ts';
import { simulate } from '../../../sim/run.ts';

const MANY = 150_000;
const result = simulate(scenario({ requests: 100, policy: 'random', failAt: '100ms:S1' }));

describe('the text of a run', () => {
  it('shows the ends of however many replicas came and went, and of what happened to them', () => {
    const [event] = result.events;
    const crowd: Result = {
      ...result,
      replicas: Array.from({ length: MANY }, (_, i) => ({ ...result.replicas[0], replica: `S${i + 1}` })),
      events: Array.from({ length: MANY }, (_, i) => ({ ...event, atMs: i })),
    };
    const text = narrateRun(crowd, tables);
    expect(text.split('\n').length).toBeLessThan(70);
    expect(text).toContain('149,980 replicas between these are not shown; --csv and --json have all.');
    expect(text).toContain('149,980 events between these are not shown; --json has all.');
    expect(text).toMatch(/ 149\.999 s {3}S1 failed$/);
  });

  it('counts the requests that --precision sent', () => {
    const grown = simulate(scenario({ policy: 'random', precision: 0.01 }));
    const { requests } = grown.summary;
    expect(requests).toBeGreaterThan(10_000);
    expect(narrateRun(grown, tables)).toContain(
      `${requests.toLocaleString('en-US')} requests over 3 replicas`,
    );
  });

  it('shows the first of however many runs of a sweep', () => {
    const text = narrateSweep(new Array<Result>(MANY).fill(result), ['seed']);
    expect(text.split('\n').length).toBeLessThan(1010);
    expect(text).toContain('149,000 runs after these are not shown; --csv and --json have all.');
  });
});
