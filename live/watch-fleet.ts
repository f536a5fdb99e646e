/** Watches how a fleet gets over what is done to a replica: when it is noticed, and when N serve again. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Harm, Stack } from './stack.ts';

/** What became of one harm; times in ms, from the call that did it. */
export interface Recovery {
  readonly harm: Harm;
  readonly replica: string;
  /** When it was done, from the start of the watch. */
  readonly atMs: number;
  /** The call's own length: Docker answers a kill after the fact. */
  readonly callMs: number;
  /** Until the replica was out of the balancer's sight. */
  readonly noticedMs: number;
  /** Until N replicas served again. */
  readonly completeMs: number;
  readonly replacement: string;
}

const PATIENCE_MS = 15_000;

/** Harms the first ready replica that `choose` accepts, and waits until N serve again. @throws Error when they do not */
export async function harmAndWatch(
  stack: Stack,
  replica: string,
  how: Harm,
  sinceMs: number,
): Promise<Recovery> {
  const { supervisor } = stack.up;
  const before = new Set(stack.ready().map(({ name }) => name));
  const start = performance.now();
  let noticedMs = NaN;
  let completeMs = NaN;
  const stop = supervisor.onChange(({ members, wanted }) => {
    const now = performance.now() - start;
    const ready = members.filter(({ state }) => state === 'ready');
    const gone = ready.every(({ name }) => name !== replica);
    if (gone && Number.isNaN(noticedMs)) noticedMs = now;
    if (gone && ready.length >= wanted && Number.isNaN(completeMs)) completeMs = now;
  });
  await stack.harm(replica, how);
  const callMs = performance.now() - start;
  while (Number.isNaN(completeMs) && performance.now() - start < PATIENCE_MS) await sleep(10);
  stop();
  const replacement = stack.ready().find(({ name }) => !before.has(name))?.name ?? 'nobody';
  return { harm: how, replica, atMs: start - sinceMs, callMs, noticedMs, completeMs, replacement };
}
