/** Balls in bins: the exact law of the fullest of n bins that m balls fell into independently and evenly. */
import { logFactorial } from '../ring-overload.ts';

/**
 * The mean number of balls in the fullest bin, as the sum over k of the chance that it holds more than k (Raab, Steger 1998
 * have its limits). Bins are filled one after the other: of r balls left, each goes to the next of b bins left with
 * chance 1/b. Takes m² n m steps at the most, so it is for hundreds of balls.
 */
export function meanFullest(balls: number, bins: number): number {
  let mean = Math.ceil(balls / bins);
  for (let most = mean; most < balls; most++) {
    const above = 1 - allUpTo(most, balls, bins);
    mean += above;
    if (above < 1e-15) break;
  }
  return mean;
}

/** The chance that no bin holds more than `most`. */
function allUpTo(most: number, balls: number, bins: number): number {
  let left = new Float64Array(balls + 1);
  left[balls] = 1;
  for (let bin = bins; bin > 1; bin--) {
    const next = new Float64Array(balls + 1);
    for (let r = 0; r <= balls; r++) {
      if (left[r] === 0) continue;
      for (let j = 0; j <= Math.min(most, r); j++) next[r - j] += left[r] * binomial(j, r, 1 / bin);
    }
    left = next;
  }
  return left.subarray(0, most + 1).reduce((sum, chance) => sum + chance, 0);
}

function binomial(k: number, n: number, p: number): number {
  const choose = logFactorial(n) - logFactorial(k) - logFactorial(n - k);
  return Math.exp(choose + k * Math.log(p) + (n - k) * Math.log1p(-p));
}
