/** No hash at all: the key's integer plus the seed, which the slot count then divides. The classic beginning. */
import type { HashEntry } from '../types.ts';
import { polynomial } from './integer.ts';

export const modulo: HashEntry = {
  name: 'modulo',
  summary: 'is the integer itself, plus the seed; the slot is its remainder',
  source: 'Knuth, The Art of Computer Programming 3, 6.4 (division method)',
  make: () => polynomial({ square: 0, linear: 1, seedSquare: 0, seedLinear: 1, constant: 0 }),
};
