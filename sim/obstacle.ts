/** Why a scenario has no steady state to give an interval of, where it has none. */
import { erlangsOf } from '../core/load.ts';
import type { ReplicaRow } from '../core/result.ts';
import type { Scenario } from '../core/scenario.ts';
import { sum } from '../core/stats/sum.ts';
import type { Tables } from '../core/tables.ts';
import { busiestOf, leftOver } from './offered.ts';

/** A bounded queue that overflows is in its steady state after it could have filled so many times. */
const FILLINGS = 10;

/** A replica that was busy for so large a share of the time hardly ever rested; a run begins with empty queues. */
const ALWAYS_BUSY = 0.95;

/** What keeps a run from having intervals. */
export interface Obstacle {
  /** In one sentence. */
  readonly why: string;
  /** Requests of a run that would have them; Infinity where none has. */
  readonly enough: number;
}

/** The obstacle of a scenario, or null. @param replicas with the share of the requests that each got */
export function obstacle(s: Scenario, replicas: readonly ReplicaRow[], tables: Tables): Obstacle | null {
  const changing = unsteady(s);
  if (changing !== null) return { why: changing, enough: Infinity };
  if (s.patience !== 'none') return null; // whoever waits too long leaves, so no queue grows for ever
  if (s.mtbf !== 'none' && s.breakdown === 'lose') return null; // nor one that each failure empties
  return overload(s, replicas, tables);
}

/** Why one run has no steady state although nothing is overloaded. Several runs do the same, each from its start. */
export function unsteady(s: Scenario): string | null {
  if ([s.failAt, s.slowAt, s.pauseAt, s.partitionAt].some((text) => text !== '')) {
    return 'a failure at a set time leaves no steady state; several runs (--runs 20) give intervals all the same';
  }
  if (s.autoscale === 'none') return null;
  return 'a fleet that grows and shrinks is another one from batch to batch; several runs (--runs 20) give intervals all the same';
}

/** The busiest replica is offered more than it can serve, and its queue is too long to have been full for long. */
function overload(s: Scenario, replicas: readonly ReplicaRow[], tables: Tables): Obstacle | null {
  const erlangs = erlangsOf(s, tables);
  if (erlangs === undefined) return null;
  const again = triesAgain(s, replicas);
  const { load, share, whose } = busiestOf(s, erlangs * again, replicas, tables);
  const enough = Math.floor((FILLINGS * filling(s.queue, load)) / share) + 1;
  if (load < 1 || s.requests >= enough) return null;
  const percent = (load * 100).toFixed(1);
  return {
    why: `the load offered to ${whose}${again > 1 ? ', with what is sent again,' : ''} is ${percent}% of its capacity, so the queue grows as long as it can`,
    enough,
  };
}

/** Tries for each request, where hedges and retries keep the fleet busy all the time; those called off in time do not. */
function triesAgain(s: Scenario, replicas: readonly ReplicaRow[]): number {
  const busiest = replicas.reduce((most, { utilisation }) => Math.max(most, utilisation ?? 0), 0);
  const tries = sum(replicas.map(({ requests }) => requests));
  return busiest < ALWAYS_BUSY ? 1 : Math.max(1, tries / s.requests);
}

/** Requests until a queue of so many places is full: its drift alone, or near a load of 1 its diffusion. */
function filling(places: number, load: number): number {
  return places * Math.min(load / (load - 1), places);
}

/** Moments that an interval of a mean takes: of the wait in a queue, and of a service that lets the others by. */
const [OF_WAITS, OF_SERVICES] = [3, 2];
const ORDINALS = ['zeroth', 'first', 'second', 'third', 'fourth'];

/**
 * Why a mean wait has no interval although it may have a value: the variance of its estimate is infinite. In a queue that
 * is first in, first out a service of length x makes others wait about x each for a time of about x: their waits sum to
 * x², so that it takes a third moment of the wait, which is a fourth of the service (Daley 1968; Whitt 1989). Of c workers
 * those that the load leaves over must all be held by long services before others wait long, so that fewer moments do
 * (Scheller-Wolf, Vesilo 2006; Foss, Korshunov 2012). A service that is shared, or that has no places, lets the others by,
 * and in a closed loop no more than its clients can wait, so that times sum to a multiple of x, which takes E[S²]
 * (Zwart, Boxma 2000; Asmussen 2003, VI.3 on regenerative sums).
 */
export function heavyTail(s: Scenario, replicas: readonly ReplicaRow[], tables: Tables): string | null {
  const { entry, args, spec } = tables.services.choose(s.service);
  const { second, third, endless = Infinity } = entry.moments(args);
  const erlangs = erlangsOf(s, tables);
  const queues = s.discipline === 'fifo' && s.queue > 0 && erlangs !== undefined;
  const needed = queues ? Math.max(OF_SERVICES, 1 + OF_WAITS / leftOver(s, erlangs, replicas)) : OF_SERVICES;
  if (endless > needed && Number.isFinite(needed < 3 ? second : third)) return null;
  const what = queues ? 'wait' : 'response';
  const moment = needed in ORDINALS ? `${ORDINALS[needed]} moment` : `moment of order ${needed}`;
  return `service times of ${spec} have no ${moment}, so the variance of a mean ${what} is infinite: means of waits and of what holds them have no interval, quantiles have`;
}
