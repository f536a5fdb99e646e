/** The live engine: a scenario on replicas that are up in, the rows of `core/result.ts` out, with what only a live run knows. */
import type { Result } from '../core/result.ts';
import { evenness } from '../core/result.ts';
import type { Scenario } from '../core/scenario.ts';
import { load } from './load/load.ts';
import type { LoadOptions } from './load/options.ts';
import type { LoadResult } from './load/result.ts';
import type { Stack } from './stack.ts';

/** A live run: the common rows, and what the load generator measured. */
export interface LiveResult {
  readonly result: Result;
  readonly load: LoadResult;
}

/** Runs a scenario's requests against a stack that is up. */
export async function loadStack(
  stack: Stack,
  scenario: Scenario,
  more: Partial<LoadOptions> = {},
): Promise<LiveResult> {
  const measured = await load({
    url: `${stack.url}/home`,
    arrivals: scenario.arrivals,
    ids: scenario.keys,
    requests: scenario.requests,
    seed: scenario.seed,
    bucketMs: scenario.bucket,
    ...more,
  });
  return { result: resultOf(scenario, measured, stack), load: measured };
}

function resultOf(scenario: Scenario, measured: LoadResult, stack: Stack): Result {
  const members = new Map(stack.ready().map((member) => [member.name, member]));
  const counts = new Map(measured.replicas.map(({ replica, requests }) => [replica, requests]));
  const answered = [...counts.values()].reduce((sum, requests) => sum + requests, 0);
  const names = [...new Set([...members.keys(), ...counts.keys()])];
  const replicas = names.map((replica) => {
    const { id = -1, weight = 1 } = members.get(replica) ?? {};
    const requests = counts.get(replica) ?? 0;
    const share = answered === 0 ? 0 : requests / answered;
    return { replica, id, weight, requests, share, completed: requests, failed: 0, joinedMs: 0, failedMs: null, utilisation: null }; // prettier-ignore
  });
  const { errors, responseMs, durationMs } = measured;
  const { refused = 0, reset = 0, status = 0, timeout = 0 } = errors;
  const other = measured.failed - refused - reset - status - timeout;
  const failures = { refused, rejected: status, lost: reset, timeout, abandoned: 0, unroutable: other };
  const summary = { requests: measured.sent, completed: measured.ok, failures, retries: null, hedges: null, ...evenness(replicas), responseMs, durationMs }; // prettier-ignore
  return { engine: 'live', scenario, summary, replicas, events: [], timeline: [] };
}
