/** The lab's request hash H(k) = a·k² + b·k + c (LAB 2.2); a seed s adds s² + 2s, as j does in Φ (LAB 2.3). */
import type { HashEntry } from '../types.ts';
import { coefficient } from './phi.ts';
import { polynomial } from './integer.ts';

export const poly: HashEntry = {
  name: 'poly',
  summary: "is the lab's H(k) = a·k² + b·k + c; a seed s adds s² + 2s",
  source: 'LAB 2.2',
  parameters: [coefficient('a', 1), coefficient('b', 2), coefficient('c', 17)],
  make: ([square, linear, constant]) =>
    polynomial({ square, linear, seedSquare: 1, seedLinear: 2, constant }),
};
