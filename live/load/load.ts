/** The load generator: an open loop that keeps its schedule whatever the target does, or a closed loop of clients. */
import { watchFitness } from '../fit.ts';
import { loadPlan } from './options.ts';
import type { LoadOptions } from './options.ts';
import type { LoadResult } from './result.ts';
import { Run } from './run.ts';
import { sender } from './sender.ts';

/**
 * Puts a load on a target and measures. Ids and gaps come from the streams that the simulator draws them from, so the
 * same seed sends the same ids in the same order.
 * @throws InputError when the options are not legal
 */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const plan = loadPlan(options);
  const sending = sender(plan);
  const fitness = watchFitness();
  const run = new Run(plan, sending, options.onProgress);
  const stop = (): void => {
    run.stop();
  };
  options.signal?.addEventListener('abort', stop);
  if (options.signal?.aborted) stop();
  await run.over;
  options.signal?.removeEventListener('abort', stop);
  const result = run.ledger.result(fitness());
  await sending.close();
  return result;
}
