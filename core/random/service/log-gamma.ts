/** The logarithm of the gamma function, for the moments of laws. */

/** Coefficients for g = 7 and nine terms, as published in Numerical Recipes, 3rd edition, and by Godfrey 2001. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];
const G = 7;

/** ln Γ(x) for x > 0.5, to about 15 digits (Lanczos 1964). */
export function logGamma(x: number): number {
  const z = x - 1;
  const series = LANCZOS.reduce(
    (sum, coefficient, i) => sum + (i === 0 ? coefficient : coefficient / (z + i)),
    0,
  );
  const t = z + G + 0.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(series);
}
