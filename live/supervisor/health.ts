/** Heartbeats: a replica is asked again and again until it is given up, by its silence or by whoever watches it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Address, Beat } from './probe.ts';
import { probe } from './probe.ts';

/** How closely replicas are watched. */
export interface HealthOptions {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Heartbeats in a row without a right answer that make a replica dead. */
  readonly misses: number;
}

/** A hung replica is noticed after at most `intervalMs + misses * timeoutMs`: 1.25 s. */
export const defaultHealth: HealthOptions = { intervalMs: 250, timeoutMs: 500, misses: 2 };

/** The watch over one replica. */
export interface Watch {
  /** Heartbeats without a right answer since the last one that had one. */
  readonly missed: number;
  /** Asks at once, without waiting for the interval to end. */
  now(): void;
  end(): void;
}

/** What comes of a watch. */
export interface Verdict {
  /** Asked after each further miss of a replica that has missed too many; false when its silence says nothing about it. */
  counts(silentMs: number): boolean;
  /** Called once. */
  dead(reason: string): void;
}

/** Watches until the replica is dead or the watch was ended. */
export function watchHealth(address: Address, options: HealthOptions, verdict: Verdict): Watch {
  let ended = false;
  let missed = 0;
  let pause = new AbortController();
  let beat: Beat = 'ok';

  async function run(): Promise<void> {
    while (!isEnded()) {
      // One that was silent has had its time; one that failed at once may be well again in a moment.
      if (missed === 0 || beat === 'wrong') await rest();
      if (isEnded()) return;
      beat = await probe(address, options.timeoutMs);
      if (beat === 'late') continue;
      missed = beat === 'ok' ? 0 : missed + 1;
      if (isEnded()) return;
      const { misses, timeoutMs } = options;
      if (beat !== 'gone' && (missed < misses || !verdict.counts(missed * timeoutMs))) continue;
      ended = true;
      verdict.dead(beat === 'gone' ? 'its port is closed' : `${missed} heartbeats were missed`);
    }
  }

  async function rest(): Promise<void> {
    pause = new AbortController();
    await sleep(options.intervalMs, undefined, { signal: pause.signal }).catch(() => undefined);
  }

  const isEnded = (): boolean => ended;
  void run();
  return {
    get missed() {
      return missed;
    },
    now: () => {
      if (missed === 0) pause.abort();
    },
    end: () => {
      ended = true;
      pause.abort();
    },
  };
}

/** A replica that is asked for the first time, or is warmed up, may take so long for an answer. */
const PROBE_MS = 500;

/** Asks until the replica serves; false when it has not by the deadline or the caller lost interest. */
export async function serves(address: Address, withinMs: number, given: () => boolean): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (given() && performance.now() < deadline) {
    if ((await probe(address, PROBE_MS)) === 'ok') return given();
    await sleep(15);
  }
  return false;
}

/** Between two heartbeats of a warm-up, so that it takes little from those that serve. */
const WARM_PAUSE_MS = 4;

/** Has a replica answer so many heartbeats: what a first request is slow for is done then. */
export async function warm(address: Address, beats: number, given: () => boolean): Promise<void> {
  for (let i = 0; i < beats && given(); i++) {
    await probe(address, PROBE_MS);
    await sleep(WARM_PAUSE_MS);
  }
}
