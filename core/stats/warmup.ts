/** Where a run has forgotten how it began: MSER (White 1997; White, Cobb, Spratt 2000). */

/** More than this share is never cut: a minimum further on says that the run is too short. */
const MOST = 0.25;

/**
 * The number of leading values to leave out: the cut d that minimises the squared standard error of what remains,
 * Σ(x - mean)² / (n - d)². With the values being means of five requests or more, this is MSER-5 or its coarser kin
 * MSER-m (Spratt 1998).
 * @param values batch means in order; empty batches are NaN and count for nothing
 * @returns d, from 0 to a quarter of the values
 */
export function mser(values: ArrayLike<number>): number {
  let [n, mean, squares] = [0, 0, 0];
  let [cut, least] = [0, Infinity];
  for (let d = values.length - 1; d >= 0; d--) {
    if (!Number.isNaN(values[d])) {
      n++;
      const off = values[d] - mean;
      mean += off / n;
      squares += off * (values[d] - mean);
    }
    if (d > MOST * values.length || n === 0) continue;
    const error = squares / (n * n);
    if (error <= least) [cut, least] = [d, error];
  }
  return cut;
}
