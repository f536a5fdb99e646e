/** The first number of every law of times. */
import type { Parameter } from '../../types.ts';

/** The mean in ms. */
export const mean: Parameter = { name: 'mean', default: 5, min: 1e-6, max: 1e9, time: true };
