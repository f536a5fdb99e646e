/** The load that a scenario offers, from its laws alone. */
import type { Scenario } from './scenario.ts';
import { tables as labTables } from './tables.ts';
import type { Tables } from './tables.ts';

/** What the replica with the n-th place (from 0) gets of values such as `1:2`, dealt in turn; read once for all places. */
export function dealt(text: string): (place: number) => number {
  const values = text.split(':').map(Number);
  return (place) => values[place % values.length];
}

/** Work (ms) that all replicas of the start do in a ms when every worker is busy. */
export function capacity(s: Scenario): number {
  const dealt = s.speeds.split(':').map(Number);
  const rounds = Math.floor(s.replicas / dealt.length);
  const whole = dealt.reduce((sum, speed) => sum + speed, 0) * rounds;
  const rest = dealt.slice(0, s.replicas % dealt.length).reduce((sum, speed) => sum + speed, 0);
  return s.workers * (whole + rest);
}

/** Work offered, in workers of speed 1 that it would keep busy; undefined for a closed loop, which offers as much as is served. */
export function erlangsOf(s: Scenario, tables: Tables): number | undefined {
  const { entry, args } = tables.arrivals.choose(s.arrivals);
  const arrivals = entry.make(args);
  return arrivals.kind === 'closed' ? undefined : (arrivals.perSecond * meanOf(s.service, tables)) / 1000;
}

/** Time (ms) that all requests take to come, on average; undefined for a closed loop, where it depends on the answers. */
export function durationOf(s: Scenario, tables: Tables): number | undefined {
  const { entry, args } = tables.arrivals.choose(s.arrivals);
  const arrivals = entry.make(args);
  return arrivals.kind === 'closed' ? undefined : (s.requests / arrivals.perSecond) * 1000;
}

/**
 * Offered load of the whole fleet, a share of its capacity: arrival rate times mean service time over workers times
 * speeds times the share of time that a replica is up. What one replica gets more than another is not in it.
 * Undefined for a closed loop.
 */
export function offeredLoad(s: Scenario, tables: Tables = labTables): number | undefined {
  const erlangs = erlangsOf(s, tables);
  return erlangs === undefined ? undefined : erlangs / (capacity(s) * availability(s, tables));
}

/** Share of time that a replica is up, with random failures and repairs: MTBF / (MTBF + MTTR). */
export function availability(s: Scenario, tables: Tables): number {
  if (s.mtbf === 'none' || s.mttr === 'none') return 1;
  const up = meanOf(s.mtbf, tables);
  return up / (up + meanOf(s.mttr, tables));
}

/** Mean of a law of times, in ms. */
export function meanOf(spec: string, tables: Tables): number {
  const { entry, args } = tables.services.choose(spec);
  return entry.moments(args).mean;
}
