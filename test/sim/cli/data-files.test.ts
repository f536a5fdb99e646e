/** Files where a name is legal: recorded arrivals, measured times, recorded keys, and a sentence for bad ones. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../../core/input-error.ts';
import { scenario } from '../../../core/scenario.ts';
import type { Result } from '../../../core/result.ts';
import { gridOf } from '../../../sim/cli/flags.ts';
import type { Given } from '../../../sim/cli/flags.ts';
import { simulate } from '../../../sim/run.ts';
import { scenariosOf } from '../../../sim/sweep.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenly-data-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function run(given: Given): Promise<Result> {
  const { grid, tables } = await gridOf({ policy: 'round-robin', replicas: '1', ...given });
  return simulate(scenariosOf(grid, tables)[0], tables);
}

describe('a trace', () => {
  it('is replayed to its end: arrivals at its times, as many as it has', async () => {
    const arrivals = file('trace.csv', 'ms,what\n10,a\n10.5,b\n40,c\n');
    const { summary, scenario: s } = await run({ arrivals, service: 'constant(2)' });
    expect([s.requests, summary.completed, summary.durationMs]).toEqual([3, 3, 42]);
    expect(summary.responseMs.mean).toBeCloseTo((2 + 3.5 + 2) / 3, 12);
    expect((await run({ arrivals, requests: '2', timeout: '1s' })).summary.completed).toBe(2);
  });

  it('of keys goes round, and of measured times gives their mean', async () => {
    const keys = file('keys.txt', 'alpha\n7\n');
    const service = file('times.txt', '1\n2\r\n6\n');
    const { grid, tables, files } = await gridOf({ keys, service });
    expect(Object.keys(files).sort()).toEqual([keys, service].sort());
    const sampler = tables.keys.choose(keys).entry.make([])();
    expect([0, 0, 0, 0].map(sampler as () => unknown)).toEqual(['alpha', 7, 'alpha', 7]);
    expect(tables.services.choose(service).entry.moments([]).mean).toBe(3);
    expect(scenario({ keys, service }, tables)).toMatchObject({ keys, service });
    expect(scenariosOf(grid, tables)).toHaveLength(1);
  });

  it.each([
    [
      'arrivals',
      '1\n5\n3\n',
      /^--arrivals: '.*' has '3' in line 3, which goes back behind 5; times must not fall\.$/,
    ],
    ['arrivals', '1\nx\n', /'x' in line 2, which must begin with a number/],
    ['arrivals', '1\n\n2\n', /'' in line 2, which must begin with a number/],
    ['arrivals', 'NaN\n1\n', /'NaN' in line 1, which must begin with a number/],
    ['service', 'x\u0001\u0002\n1\n', /^--service: .* has 'x\?\?' in line 1/],
    ['arrivals', '-1\n', /'-1' in line 1, which is before 0/],
    ['arrivals', '', /is empty/],
    ['arrivals', 'ms\n', /has a heading alone/],
    ['service', '1\n-2\n', /'-2' in line 2, which must not be negative/],
    ['service', '0\n0\n', /no time above 0/],
    ['service', '1e999\n', /must begin with a number/],
    ['keys', 'a\n\nb\n', /empty key in line 2/],
  ])('of %s that reads %j is turned down', async (field, text, sentence) => {
    const asked = run({ [field]: file('bad.csv', text) });
    await expect(asked).rejects.toThrow(InputError);
    await expect(asked).rejects.toThrow(sentence);
  });

  it('that is not there, or is shorter than asked for, is told', async () => {
    await expect(run({ arrivals: './nowhere.csv' })).rejects.toThrow(/cannot be read for times of arrival/);
    const arrivals = file('short.csv', '1\n2\n');
    await expect(run({ arrivals, requests: '3' })).rejects.toThrow(/--requests is 3, but the trace .* has 2/);
  });
});
