/** Why a scenario has no steady state to give an interval of, where it has none. */
import { capacity, dealt } from '../core/load.ts';
import { asksPlacement } from '../core/policy/by-key.ts';
import type { ReplicaRow } from '../core/result.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Tables } from '../core/tables.ts';

const MS_A_SECOND = 1000;
/** A bounded queue that overflows is in its steady state after it could have filled so many times. */
const FILLINGS = 10;

/** Standard errors by which a share of the requests may be high by chance; keys, other than chance, stay where they are. */
const CHANCE = 4;

/** The reason in one sentence, or null. @param replicas with the share of the requests that each got */
export function obstacle(s: Scenario, replicas: readonly ReplicaRow[], tables: Tables): string | null {
  const changing = unsteady(s);
  if (changing !== null) return changing;
  if (s.patience !== 'none') return null; // whoever waits too long leaves, so no queue grows for ever
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
function overload(s: Scenario, replicas: readonly ReplicaRow[], tables: Tables): string | null {
  const arrivals = tables.arrivals.choose(s.arrivals);
  const process = arrivals.entry.make(arrivals.args);
  if (process.kind === 'closed') return null;
  const service = tables.services.choose(s.service);
  const { mean } = service.entry.moments(service.args);
  const erlangs = (process.perSecond * mean) / MS_A_SECOND;
  const whole = erlangs / capacity(s);
  const bound = asksPlacement(tables.policies.choose(s.policy).entry);
  const speedOf = dealt(s.speeds);
  const loadOf = ({ id, requests, share }: ReplicaRow): number =>
    ((erlangs * share) / (s.workers * speedOf(id - s.firstId))) *
    (bound ? 1 : 1 - CHANCE / Math.sqrt(requests || 1));
  const busiest = replicas.reduce((most, row) => (loadOf(row) > loadOf(most) ? row : most));
  const own = loadOf(busiest);
  const [load, whose, share] =
    whole >= 1 ? [whole, 'the fleet', 1 / replicas.length] : [own, busiest.replica, busiest.share];
  if (load < 1 || (s.requests * share) / FILLINGS > filling(s.queue + s.workers, load)) return null;
  return `the load offered to ${whose} is ${(load * 100).toFixed(1)}% of its capacity, so the queue grows as long as it can`;
}

/** Requests until a queue of so many places is full: its drift alone, or near a load of 1 its diffusion. */
function filling(places: number, load: number): number {
  return Math.min((places * load) / (load - 1), places * places);
}

/** Moments of the service time that a mean's interval takes: of a queue first in, first out, and of any other. */
const [OF_QUEUES, OF_OTHERS] = [4, 2];
const ORDINALS = ['zeroth', 'first', 'second', 'third', 'fourth'];

/**
 * Why a mean wait has no interval although it may have a value: the variance of its estimate is infinite. In a queue that
 * is first in, first out a service of length x makes others wait about x each for a time of about x: their waits sum to
 * x², whose variance takes E[S⁴] (Daley 1968; Whitt 1989). One that is shared, or that has no places, lets the others by,
 * so that its times sum to x, which takes E[S²] (Zwart, Boxma 2000; Asmussen 2003, VI.3 on regenerative sums).
 */
export function heavyTail(s: Scenario, tables: Tables): string | null {
  const { entry, args, spec } = tables.services.choose(s.service);
  const { second, third, endless = Infinity } = entry.moments(args);
  const queues = s.discipline === 'fifo' && s.queue > 0;
  const needed = queues ? OF_QUEUES : OF_OTHERS;
  if (endless > needed && Number.isFinite(queues ? third : second)) return null;
  const what = queues ? 'wait' : 'response';
  return `service times of ${spec} have no ${ORDINALS[needed]} moment, so the variance of a mean ${what} is infinite: means of waits and of what holds them have no interval, quantiles have`;
}
