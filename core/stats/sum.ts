/** Sums of doubles, always in the same order: in another one they would end in other digits. */

/** The sum, left to right. */
export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}
