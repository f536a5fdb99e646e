/** The knobs that a running gateway can turn: what decides, what failover does, and the weights of replicas. */
import { z } from 'zod';
import { InputError } from '../../core/input-error.ts';
import { knobs, scenario } from '../../core/scenario.ts';
import type { Scenario } from '../../core/scenario.ts';
import type { Director } from './director.ts';
import type { Failover } from './failover.ts';
import { failoverShape, turned } from './failover-options.ts';
import type { FailoverGiven, FailoverOptions } from './failover-options.ts';
import type { Membership } from './membership.ts';

/** The knobs of a scenario that a running gateway can turn. */
export const turnable: readonly (keyof Scenario)[] = [
  ...['slots', 'vnodes', 'vnodeFrom', 'probing', 'requestHash', 'serverHash', 'placement', 'policy', 'seed'],
] as (keyof typeof knobs)[];

/** What may be changed, as it is given. */
export type Changes = Partial<Scenario> & FailoverGiven & { readonly weights?: unknown };

const failoverFields = Object.keys(failoverShape) as (keyof FailoverOptions)[];
/** All names of knobs; `weights` is an object of weights by replica. */
export const knobsOfGateway: readonly string[] = [...turnable, ...failoverFields, 'weights'];

/** What knobs work on. */
export interface Turned {
  readonly director: Director;
  readonly failover: Failover;
  readonly membership: Membership;
}

const weightsOf = z.record(z.string(), z.number().positive().max(1000));

/** Turns knobs while requests are under way. @throws InputError when one is not legal; nothing has changed then */
export function turn({ director, failover, membership }: Turned, changes: Changes): void {
  const decides = pick(changes, turnable);
  for (const [field, value] of Object.entries(decides)) {
    if (typeof value === 'object') throw new InputError(`${field} must be a name or a number.`);
  }
  const limits = pick(changes, failoverFields);
  const { weights = {} } = changes;
  const options = legal(() => turned(failover.options, limits));
  const reweighed = legal(() => weightsOf.parse(weights, { error: ({ path = [] }) => mustBe(path) }));
  membership.checkNames(Object.keys(weights));
  const replicas = Math.max(1, director.size);
  if (Object.keys(decides).length > 0)
    director.swap(scenario({ ...director.scenario, ...decides, replicas }));
  failover.turn(options);
  for (const [name, weight] of Object.entries(reweighed)) membership.reweigh(name, weight);
}

function mustBe(path: readonly PropertyKey[]): string {
  return path.length === 0
    ? 'must be an object of weights above 0 and up to 1000 by replica'
    : 'must be a weight above 0 and up to 1000';
}

/** Every knob as it stands; the weights are those of the members. */
export function inForce({ director, failover }: Turned): Record<string, unknown> {
  const weights = Object.fromEntries([...director.members].map(({ name, weight }) => [name, weight]));
  return { ...pick(director.scenario, turnable), ...failover.options, weights };
}

function pick<T extends object>(from: T, fields: readonly string[]): Partial<T> {
  return Object.fromEntries(Object.entries(from).filter(([field]) => fields.includes(field))) as Partial<T>;
}

function legal<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const [{ message, path }] = error.issues;
    throw new InputError(
      `${path.join('.') || 'weights'} ${message.replace(/^(?!is |has |must )/, 'is not legal: ')}.`,
    );
  }
}
