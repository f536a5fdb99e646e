/** Places drawn without replacement, a few of many, without a table of the many. */

/** Which draw, from 0; of how many places; and a uniform number in [0, 1): the place that is drawn. */
export type Place = (i: number, n: number, u: number) => number;

/**
 * The first steps of a Fisher-Yates shuffle, whose swaps are traced back instead of made: d draws and d²/2 comparisons,
 * and every order of places is as likely as any other. Step i swaps place i with one at or after it; draws are made in
 * order, and 0 begins anew.
 */
export function withoutReplacement(): Place {
  const swapped: number[] = [];
  return (i, n, u) => {
    let at = (swapped[i] = i + Math.floor(u * (n - i)));
    for (let k = i - 1; k >= 0; k--) if (at === swapped[k]) at = k;
    return at;
  };
}
