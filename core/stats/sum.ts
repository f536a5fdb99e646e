/** Sums of doubles, always in the same order: in another one they would end in other digits. */

/** The sum, left to right. */
export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

/** A sum for each of so many groups, that of a value by its place. */
export function sumsBy(
  values: ArrayLike<number>,
  groupOf: (place: number) => number,
  groups: number,
): Float64Array {
  const sums = new Float64Array(groups);
  for (let i = 0; i < values.length; i++) sums[groupOf(i)] += values[i];
  return sums;
}
