/**
 * A load in a process of its own: a warm-up, and three phases of 3 s, before, from just before the fault, and after. It
 * says `now` when the second has begun, and prints what each came to at the end. `node --import tsx bench/live/phases.ts URL RATE`
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { load } from '../../live/load/load.ts';
import type { LoadResult } from '../../live/load/result.ts';

/** The compilers of all processes have their say first, at a rate that cold ones can serve. */
const WARM_UP = { ms: 10_000, share: 0.8 };
const PHASE_MS = 3000;
/** From the beginning of the second phase to the fault, so that its connections are made. */
const LEAD_MS = 100;
/** What is not answered by then counts as lost; nobody waits as long for a request of 5 ms. */
const PATIENCE_MS = 3000;

/** Of a phase, what the matrix shows. */
export type Phase = Pick<LoadResult, 'sent' | 'failed' | 'errors' | 'responseMs' | 'lateMs' | 'fit'>;

const [url, rate] = process.argv.slice(2);

function phase(seed: number, durationMs = PHASE_MS, perSecond = Number(rate)): Promise<LoadResult> {
  const limits = { connections: 256, timeoutMs: PATIENCE_MS };
  return load({ url, arrivals: `constant(${perSecond})`, durationMs, seed, ...limits });
}

/** The phases follow each other by the clock: what hangs in one does not hold the next one up. */
async function run(): Promise<Phase[]> {
  await phase(0, WARM_UP.ms, Number(rate) * WARM_UP.share);
  const before = phase(1);
  await sleep(PHASE_MS);
  const during = phase(2);
  await sleep(LEAD_MS);
  process.stdout.write('now\n');
  await sleep(PHASE_MS - LEAD_MS);
  return Promise.all([before, during, phase(3)]);
}

const phases = await run();
const shown = phases.map(({ sent, failed, errors, responseMs, lateMs, fit }): Phase => ({ sent, failed, errors, responseMs, lateMs, fit })); // prettier-ignore
process.stdout.write(`${JSON.stringify(shown)}\n`);
