/** Moments of laws of times, as data for theory and for checks: what each law states of itself, and what follows. */
import type { Moments } from '../../types.ts';

/** Moments from those of a shape of mean 1: E[(mx)²] = m² E[x²]. */
export function scaled(mean: number, second: number, third: number): Moments {
  return { mean, second: mean * mean * second, third: mean * mean * mean * third };
}

/** Squared coefficient of variation: variance over squared mean; Infinity where the variance is infinite. */
export function squaredVariation({ mean, second }: Moments): number {
  return second / (mean * mean) - 1;
}
