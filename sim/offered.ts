/** The load that the fleet and each replica of it are offered, by what each got of the requests. */
import { availability, capacity, dealt } from '../core/load.ts';
import { asksPlacement } from '../core/policy/by-key.ts';
import type { ReplicaRow } from '../core/result.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Tables } from '../core/tables.ts';

/** Standard errors by which a share of the requests may be high by chance; keys, other than chance, stay where they are. */
const CHANCE = 4;

/** Who is offered most of what it can serve, and how much. */
export interface Busiest {
  /** A share of its capacity. */
  readonly load: number;
  readonly whose: string;
  /** Of the requests. */
  readonly share: number;
}

/** The fleet if it is overloaded, or its busiest replica, whose load is not counted high for what may be chance. */
export function busiestOf(
  s: Scenario,
  erlangs: number,
  replicas: readonly ReplicaRow[],
  tables: Tables,
): Busiest {
  const up = availability(s, tables);
  const whole = erlangs / (capacity(s) * up);
  const bound = asksPlacement(tables.policies.choose(s.policy).entry);
  const speedOf = dealt(s.speeds);
  const loadOf = ({ id, requests, share }: ReplicaRow): number =>
    ((erlangs * share) / (s.workers * speedOf(id - s.firstId) * up)) *
    (bound ? 1 : 1 - CHANCE / Math.sqrt(requests || 1));
  const busiest = replicas.reduce((most, row) => (loadOf(row) > loadOf(most) ? row : most));
  const own = loadOf(busiest);
  return whole >= 1 || whole > own
    ? { load: whole, whose: 'the fleet', share: 1 / replicas.length }
    : { load: own, whose: busiest.replica, share: busiest.share };
}

/** Workers of a replica that may be held up before its others cannot keep up: c less the whole part of what it is offered. */
export function leftOver(s: Scenario, erlangs: number, replicas: readonly ReplicaRow[]): number {
  const speedOf = dealt(s.speeds);
  const own = replicas.map(({ id, requests, share }) => {
    const luck = share < 1 ? CHANCE / Math.sqrt(requests || 1) : 0;
    return (erlangs * share * (1 + luck)) / speedOf(id - s.firstId);
  });
  const most = own.reduce((highest, load) => Math.max(highest, load));
  return Math.max(1, s.workers - Math.floor(most));
}
