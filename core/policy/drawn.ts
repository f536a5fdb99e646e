/** A few places drawn of many, without a table of the many. */

/** Which draw, from 0; of how many places; and a uniform number in [0, 1): the place that is drawn. */
export type Place = (i: number, n: number, u: number) => number;

/** A way to draw. */
export interface Drawing {
  readonly place: Place;
  /** Turns `count` rows of `each` uniform numbers into as many places of n: `place` for each, in a fraction of the time. */
  places(u: Float64Array, each: number, n: number, out: Int32Array, count: number): void;
}

/** Any place at any time. */
export const withReplacement: Drawing = {
  place: (_i, n, u) => Math.floor(u * n),
  places(u, each, n, out, count) {
    for (let i = 0; i < each * count; i++) out[i] = (u[i] * n) | 0;
  },
};

/**
 * The first steps of a Fisher-Yates shuffle, whose swaps are traced back instead of made: d draws and d²/2 comparisons,
 * and every order of places is as likely as any other. Step i swaps place i with one at or after it; draws are made in
 * order, and 0 begins anew.
 */
export function withoutReplacement(): Drawing {
  const swapped: number[] = [];

  function place(i: number, n: number, u: number): number {
    let at = (swapped[i] = i + Math.floor(u * (n - i)));
    for (let k = i - 1; k >= 0; k--) if (at === swapped[k]) at = k;
    return at;
  }

  function places(u: Float64Array, each: number, n: number, out: Int32Array, count: number): void {
    if (each === 2) {
      pairs(u, n, out, count);
      return;
    }
    for (let first = 0; first < each * count; first += each)
      for (let i = 0; i < each; i++) out[first + i] = place(i, n, u[first + i]);
  }
  return { place, places };
}

/** Two of each row, the frequent case: the second is any but the first, whose place stands for that of 0. */
function pairs(u: Float64Array, n: number, out: Int32Array, count: number): void {
  for (let i = 0; i < 2 * count; i += 2) {
    const first = (u[i] * n) | 0;
    const second = 1 + ((u[i + 1] * (n - 1)) | 0);
    const apart = first ^ second;
    out[i] = first;
    out[i + 1] = second & ((apart | -apart) >> 31); // no branch, which a processor would guess wrong
  }
}
