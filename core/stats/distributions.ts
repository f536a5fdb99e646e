/** The normal, Student's t, the binomial and Erlang's distribution, as far as intervals and their checks need them. */

/** Lanczos' approximation with g = 7 and nine terms; relative error below 1e-14. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** The logarithm of the gamma function, for x >= 0.5 (Lanczos 1964; coefficients of Godfrey 2001). */
export function lnGamma(x: number): number {
  const z = x - 1;
  const t = z + 7.5;
  const series = LANCZOS.reduce((total, c, i) => (i === 0 ? c : total + c / (z + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(series);
}

const CONVERGED = 1e-15;
const LEAST = 1e-300;
const MOST_TERMS = 10_000;

/** The regularised incomplete beta function I_x(a, b), by Lentz's continued fraction (Press et al. 2007, 6.4). */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = lnGamma(a + b) - lnGamma(a) - lnGamma(b) + a * Math.log(x) + b * Math.log1p(-x);
  const away = (value: number): number => (Math.abs(value) < LEAST ? LEAST : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < CONVERGED) break;
  }
  return (Math.exp(front) * fraction) / a;
}

/** Student's t distribution function with so many degrees of freedom, an integer or not. */
export function studentCdf(t: number, freedom: number): number {
  const tail = incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
  return t > 0 ? 1 - tail : tail;
}

const known = new Map<string, number>();

/**
 * The point that Student's t stays below with probability `p` (0 < p < 1), to about 1e-12, by bisection of its tail.
 * Freedom above 1e6 is the normal's to 6 digits and taken as 1e6.
 */
export function studentQuantile(p: number, freedom: number): number {
  if (p < 0.5) return -studentQuantile(1 - p, freedom);
  const name = `${p}/${freedom}`;
  const before = known.get(name);
  if (before !== undefined) return before;
  const n = Math.min(freedom, 1e6);
  const above = (t: number): boolean => incompleteBeta(n / (n + t * t), n / 2, 0.5) / 2 > 1 - p;
  let [low, high] = [0, 1];
  while (above(high)) high *= 2;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (above(middle)) low = middle;
    else high = middle;
  }
  known.set(name, high);
  return high;
}

/** The point that a standard normal stays below with probability `p`. */
export function normalQuantile(p: number): number {
  return studentQuantile(p, 1e6);
}

/** The probability of at least `k` of `n` independent events of probability `p` each. */
export function binomialTail(k: number, n: number, p: number): number {
  return k <= 0 ? 1 : k > n ? 0 : incompleteBeta(p, k, n - k + 1);
}

/** The probability that the sum of `stages` exponentials of that rate exceeds `t`. */
export function erlangTail(t: number, stages: number, rate: number): number {
  let term = Math.exp(-rate * t);
  let tail = term;
  for (let i = 1; i < stages; i++) tail += term *= (rate * t) / i;
  return tail;
}
