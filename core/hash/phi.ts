/** The lab's server hash Φ(i, j) = a·i² + b·j² + c·j + d (LAB 2.3): the key is the server, the seed its j. */
import type { HashEntry, Parameter } from '../types.ts';
import { polynomial } from './integer.ts';

/** A coefficient of one of the lab's polynomials. */
export function coefficient(name: string, value: number): Parameter {
  return { name, default: value, min: -1e9, max: 1e9, integer: true };
}

export const phi: HashEntry = {
  name: 'phi',
  summary: "is the lab's Φ(i, j) = a·i² + b·j² + c·j + d for virtual server j of server i",
  source: 'LAB 2.3',
  parameters: [coefficient('a', 1), coefficient('b', 1), coefficient('c', 2), coefficient('d', 25)],
  make: ([square, seedSquare, seedLinear, constant]) =>
    polynomial({ square, linear: 0, seedSquare, seedLinear, constant }),
};
