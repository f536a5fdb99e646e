/** The room that schemes with a fixed number of places are given, and the error when it is used up. */
import { InputError } from '../input-error.ts';
import type { Abilities, Parameter } from '../types.ts';

/** The number of places; lookups take longer the fewer of them are used. */
export const capacityParameter: Parameter = {
  name: 'capacity',
  default: 100,
  min: 1,
  max: 0x1_00_00_00,
  integer: true,
};

/** What schemes with places can do. */
export const PLACES: Abilities = {
  removes: 'any',
  weights: false,
  returns: 'last-left-first',
  historyFree: false,
  monotone: true,
  shares: 'expected',
};

/** @throws InputError when no place is free. */
export function refuseMore(name: string, used: number, capacity: number): void {
  if (used < capacity) return;
  throw new InputError(`The placement ${name}(${capacity}) is full; for more replicas take --placement ${name}(${capacity * 10}), say.`); // prettier-ignore
}
