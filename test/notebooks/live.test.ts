/** The live notebooks from end to end on child processes, small: real replicas, gateway, load and replay. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { lab } from '../lab.ts';

const out = mkdtempSync(join(tmpdir(), 'live-'));
afterAll(() => {
  rmSync(out, { recursive: true });
});

interface Run {
  readonly claims: readonly { sentence: string; holds: boolean }[];
}

describe('lab live on the process driver', () => {
  it('counts and decides as the simulator, from two replicas to six and with other hash functions', async () => {
    const { stderr, code } = await lab([
      'live',
      'a1',
      'a2',
      'a4',
      '--driver',
      'process',
      '--requests',
      '250',
      '--out',
      out,
    ]);
    expect(stderr).toMatch(/live-a1-load-per-replica: .*3 of 3 claims hold/);
    expect(code).toBe(0);
    for (const id of ['live-a1-load-per-replica', 'live-a2-average-load', 'live-a4-hash-functions']) {
      const { claims } = JSON.parse(readFileSync(join(out, id, 'run.json'), 'utf8')) as Run;
      expect(claims.filter(({ holds }) => !holds)).toEqual([]);
    }
  }, 90_000);

  it('says in a sentence which drivers and notebooks there are', async () => {
    const [driver, notebook] = await Promise.all([
      lab(['live', '--driver', 'dokcer', '--out', out]),
      lab(['live', 'a9', '--driver', 'process', '--out', out]),
    ]);
    expect([driver.code, notebook.code]).toEqual([2, 2]);
    expect(driver.stderr).toMatch(/'dokcer'; the nearest is 'docker'/);
    expect(notebook.stderr).toMatch(/live-a1-load-per-replica/);
  });
});
