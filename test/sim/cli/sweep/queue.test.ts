/** A sweep over a real Redis: a worker is killed with -9, Redis is killed and forgets everything, and nothing is lost or doubled. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { resultHash } from '../../../../core/provenance.ts';
import { scenario } from '../../../../core/scenario.ts';
import { pathOf } from '../../../../sim/cli/sweep/folder.ts';
import { simulate } from '../../../../sim/run.ts';
import { root } from '../../../lab.ts';
import { noRedis, PASSWORD, RedisServer } from './redis.ts';

const RUNS = 16;
const REQUESTS = 100_000;
/** Long enough that a busy machine does not let a heartbeat come too late. */
const LEASE = '2s';

vi.setConfig({ testTimeout: 120_000 }); // it starts processes, on a machine that may be busy

const folder = mkdtempSync(join(tmpdir(), 'queue-'));
const out = join(folder, 'out');
const running: { kill: () => unknown }[] = [];
afterAll(async () => {
  for (const one of running) await one.kill();
  rmSync(folder, { recursive: true });
});

/** A command that runs, and what it printed so far. */
class Running {
  readonly process: ChildProcess;
  readonly ended: Promise<number | null>;
  text = '';

  constructor(...args: readonly string[]) {
    this.process = spawn(process.execPath, ['--import', 'tsx', 'lab.ts', ...args], {
      cwd: root,
      stdio: 'pipe',
    });
    this.ended = once(this.process, 'exit').then(([code]) => code as number | null);
    for (const stream of [this.process.stdout, this.process.stderr])
      stream?.on('data', (chunk: Buffer) => (this.text += chunk.toString()));
    running.push(this);
  }

  /** The runs after a word, as a worker logs them. */
  runs(word: 'begun' | 'delivered'): string[] {
    return [...this.text.matchAll(new RegExp(`^${word} ([0-9a-f]{64})`, 'gm'))].map(([, hash]) => hash);
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.process.kill(signal);
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(5);
}

describe.skipIf(noRedis !== null)(
  `a sweep over a queue${noRedis === null ? '' : ` (skipped: ${noRedis})`}`,
  () => {
    it('loses and doubles nothing when a worker and then Redis are killed', async () => {
      const redis = await RedisServer.on(folder);
      running.push(redis);
      const queue = ['--queue', redis.url, '--lease', LEASE];
      const workers = [1, 2].map(() => new Running('worker', ...queue, '--jobs', '1'));
      const [doomed, other] = workers;
      const grid = ['--seed', `1..${RUNS}`, '--requests', String(REQUESTS), '--policy', 'random'];
      const sweep = new Running('sweep', ...grid, ...queue, '--out', out);
      const runs = (word: 'begun' | 'delivered'): string[] => workers.flatMap((worker) => worker.runs(word));

      await until(() => doomed.runs('begun').length > Math.max(1, doomed.runs('delivered').length));
      doomed.kill();
      await until(() => runs('delivered').length >= 4);
      // What a worker delivered that is dead, and Redis forgets before it is stored, nobody has: it would be made again.
      await until(() => doomed.runs('delivered').every((hash) => existsSync(pathOf(out, hash))));
      await redis.kill();
      await redis.start();
      expect([await sweep.ended, sweep.text]).toEqual([0, expect.stringContaining(`${RUNS} of ${RUNS} runs were made`)]); // prettier-ignore

      const rows = readFileSync(join(out, 'results.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as { seed: number; resultHash: string }); // prettier-ignore
      const expected = Array.from({ length: RUNS }, (_, i) => resultHash(simulate(scenario({ seed: i + 1, requests: REQUESTS, policy: 'random' })))); // prettier-ignore
      expect(rows.map((row) => row.resultHash)).toEqual(expected);
      expect([new Set(runs('delivered')).size, runs('delivered').length]).toEqual([RUNS, RUNS]);
      expect(runs('begun').length).toBe(RUNS + 1); // the killed worker's last, again
      other.kill('SIGINT');
      expect(await other.ended).toBe(130);
      for (const { text } of [sweep, ...workers]) expect(text).not.toContain(PASSWORD);
    });
  },
);
