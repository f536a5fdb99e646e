/** Whether a measurement is fit to be believed: a machine that was too busy measures itself. */
import { cpus } from 'node:os';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

/** What was seen of the machine, and why not to believe the run, if so. */
export interface Fit {
  readonly ok: boolean;
  /** One sentence each; none when ok. */
  readonly reasons: readonly string[];
  /** How long this process's event loop was late, 99th percentile. */
  readonly loopLateMs: number;
  /** Share of the time that the event loop was at work. */
  readonly loopBusy: number;
  /** Share of all processors' time that was used, by anybody. */
  readonly machineBusy: number;
}

/** From where on a run is not believed. */
const LIMITS = { loopLateMs: 10, loopBusy: 0.9, machineBusy: 0.95 };
const RESOLUTION_MS = 5;
const NS_A_MS = 1e6;

/** Watches from now until it is asked. */
export function watchFitness(): () => Fit {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const loop = performance.eventLoopUtilization();
  const before = processorTimes();
  return () => {
    delay.disable();
    const after = processorTimes();
    const total = after.total - before.total;
    return judge(
      /** What the monitor records is the time between two ticks. */
      Math.max(0, (delay.count === 0 ? 0 : delay.percentile(99)) / NS_A_MS - RESOLUTION_MS),
      performance.eventLoopUtilization(loop).utilization,
      total === 0 ? 0 : 1 - (after.idle - before.idle) / total,
    );
  };
}

/** Judges what was seen. */
export function judge(loopLateMs: number, loopBusy: number, machineBusy: number): Fit {
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  const reasons = [
    loopLateMs > LIMITS.loopLateMs &&
      `The event loop was up to ${loopLateMs.toFixed(1)} ms late (99th percentile; ${LIMITS.loopLateMs} ms is the limit).`,
    loopBusy > LIMITS.loopBusy &&
      `The event loop was busy ${percent(loopBusy)} of the time (${percent(LIMITS.loopBusy)} is the limit).`,
    machineBusy > LIMITS.machineBusy &&
      `The machine's processors were busy ${percent(machineBusy)} of the time (${percent(LIMITS.machineBusy)} is the limit).`,
  ].filter((reason) => reason !== false);
  return { ok: reasons.length === 0, reasons, loopLateMs, loopBusy, machineBusy };
}

function processorTimes(): { total: number; idle: number } {
  const times = cpus().map((cpu) => cpu.times);
  const idle = times.reduce((sum, t) => sum + t.idle, 0);
  const total = times.reduce((sum, t) => sum + t.idle + t.user + t.nice + t.sys + t.irq, 0);
  return { total, idle };
}
