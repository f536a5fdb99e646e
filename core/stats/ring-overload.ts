/**
 * Ring to queue: the chance that a ring's arcs alone overload a replica, exact for any number of replicas and virtual
 * nodes. The N K points of a ring, when independent and uniform, leave spacings that are Dirichlet(1, …, 1); a replica owns
 * K of them, so the shares are Dirichlet(K, …, K), and the law wanted is that of their maximum.
 *
 * Dirichlet shares are independent Gamma(K) variables given their sum t. Hence P(all shares < x) is the density at t of
 * the sum of N gammas cut off at x t, over its density without the cut (Levin 1981 has this for multinomials). The former
 * is a Fourier series, since a sum of cut-off variables has bounded support. With K = 1 it is the longest of N spacings
 * (Whitworth 1897; Flatto, Konheim 1962).
 */

/** Terms end when what is left is below this, relative to what there is. */
const PRECISION = 1e-12;
/** Reached by nothing: four replicas with one virtual node take the most, some ten thousand. */
const MOST_TERMS = 1_000_000;
/** Of an integral over at most a third of the circle. */
const STEPS = 400;

/** ln Γ(x) less (x - 1/2) ln x - x + ln √2π: Stirling's series, from x = 16 on with an error below 1e-15. */
function stirling(x: number): number {
  const y = 1 / (x * x);
  return (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y / 1680))) / x;
}

/** ln n!. */
export function logFactorial(n: number): number {
  if (n < 16) {
    let product = 1;
    for (let i = 2; i <= n; i++) product *= i;
    return Math.log(product);
  }
  const x = n + 1;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + stirling(x);
}

/** ln of the density of Gamma(n) at its mean, without the cancellation that large n would bring. */
function logDensityAtMean(n: number): number {
  if (n < 16) return (n - 1) * Math.log(n) - n - logFactorial(n - 1);
  return -0.5 * Math.log(2 * Math.PI * n) - stirling(n);
}

/**
 * The chance that a replica owns `share` or more of a ring, for one replica: Beta(K, (N - 1) K), as a binomial tail.
 */
export function shareAbove(replicas: number, vnodes: number, share: number): number {
  if (share <= 0) return 1;
  if (share >= 1) return 0;
  const trials = replicas * vnodes - 1;
  const odds = (1 - share) / share;
  const top = vnodes - 1;
  const choose = logFactorial(trials) - logFactorial(top) - logFactorial(trials - top);
  let term = Math.exp(choose + top * Math.log(share) + (trials - top) * Math.log(1 - share));
  let sum = term;
  for (let j = top; j > 0 && term > sum * 1e-17; j--) {
    term *= (odds * j) / (trials - j + 1);
    sum += term;
  }
  return Math.min(1, sum);
}

/** The chance that some replica owns `share` or more of a ring of N replicas with K virtual nodes each. */
export function largestShareAbove(replicas: number, vnodes: number, share: number): number {
  if (share * replicas <= 1) return 1;
  if (share >= 1) return 0;
  const one = replicas * shareAbove(replicas, vnodes, share);
  // At most one share exceeds a half, and at most two a third: inclusion and exclusion end there.
  if (share >= 0.5) return Math.min(1, one);
  if (share >= 1 / 3) return one - ((replicas * (replicas - 1)) / 2) * bothAbove(replicas, vnodes, share);
  const whole = Math.exp(logDensityAtMean(replicas * vnodes));
  return Math.min(1, Math.max(0, 1 - cutDensity(replicas, vnodes, share) / whole));
}

/** The chance that two given replicas of three or more own `share` or more each, by Simpson's rule over the first. */
function bothAbove(replicas: number, vnodes: number, share: number): number {
  const rest = (replicas - 1) * vnodes;
  const logBeta = logFactorial(vnodes - 1) + logFactorial(rest - 1) - logFactorial(vnodes + rest - 1);
  const step = (1 - 2 * share) / STEPS;
  let sum = 0;
  for (let i = 0; i <= STEPS; i++) {
    const first = share + i * step;
    const density = Math.exp((vnodes - 1) * Math.log(first) + (rest - 1) * Math.log(1 - first) - logBeta);
    const weight = i === 0 || i === STEPS ? 1 : 2 + 2 * (i % 2);
    sum += weight * density * shareAbove(replicas - 1, vnodes, share / (1 - first));
  }
  return (sum * step) / 3;
}

/**
 * Density at N K of the sum of N variables Gamma(K), each cut off at b = share N K: a Fourier series over [0, N b] of the
 * cut variable's characteristic function, which is centred at K so that its phase stays small.
 */
function cutDensity(replicas: number, vnodes: number, share: number): number {
  const cut = share * replicas * vnodes;
  const period = replicas * cut;
  const atCut = Math.exp((vnodes - 1) * Math.log(cut) - cut - logFactorial(vnodes - 1));
  let sum = 0;
  for (let k = 0; k < MOST_TERMS; k++) {
    const { modulus, phase, bound } = centred((2 * Math.PI * k) / period, vnodes, cut, atCut);
    sum += (k === 0 ? 1 : 2) * Math.exp(replicas * Math.log(modulus)) * Math.cos(replicas * phase);
    if (Math.exp(replicas * Math.log(bound)) * (k + 1) < PRECISION * Math.abs(sum)) break;
  }
  return sum / period;
}

/**
 * E[exp(iu(Y - K)); Y < b] of Y ~ Gamma(K): (1 - iu)^-K less the part beyond b, which is the density at b times a sum whose
 * terms fall, because K < b. `bound` is never below the modulus and falls with u.
 */
function centred(u: number, vnodes: number, cut: number, atCut: number) {
  const square = 1 + u * u;
  const whole = Math.exp((-vnodes / 2) * Math.log1p(u * u));
  const turn = vnodes * (Math.atan(u) - u);
  // 1 + (K-1)/z + (K-1)(K-2)/z² + …, where z = b (1 - iu)
  let [re, im, sumRe, sumIm] = [1, 0, 1, 0];
  for (let i = 1; i < vnodes; i++) {
    const factor = (vnodes - i) / (cut * square);
    [re, im] = [factor * (re - u * im), factor * (im + u * re)];
    sumRe += re;
    sumIm += im;
    if (Math.abs(re) + Math.abs(im) < 1e-17) break;
  }
  const [cos, sin] = [Math.cos(u * (cut - vnodes)), Math.sin(u * (cut - vnodes))];
  // The sum over (1 - iu), turned by u (b - K)
  const [aRe, aIm] = [(sumRe - u * sumIm) / square, (sumIm + u * sumRe) / square];
  const beyondRe = atCut * (aRe * cos - aIm * sin);
  const beyondIm = atCut * (aRe * sin + aIm * cos);
  const real = whole * Math.cos(turn) - beyondRe;
  const imaginary = whole * Math.sin(turn) - beyondIm;
  return {
    modulus: Math.sqrt(real * real + imaginary * imaginary),
    phase: Math.atan2(imaginary, real),
    bound: whole + atCut * Math.sqrt(aRe * aRe + aIm * aIm),
  };
}

/**
 * The chance that the hash alone overloads a replica: its arc brings it as much as it can serve or more, and its queue grows
 * without end, while the replicas together are offered only `load` (0 to 1) of what they can serve.
 */
export function overloadProbability(replicas: number, vnodes: number, load: number): number {
  if (load <= 0) return 0;
  return largestShareAbove(replicas, vnodes, 1 / (replicas * load));
}

/** The fewest virtual nodes with which no replica is overloaded with probability `safety` or more; Infinity at load 1. */
export function vnodesFor(replicas: number, load: number, safety: number): number {
  if (replicas === 1 && load < 1) return 1;
  if (load >= 1) return Infinity;
  const safe = (vnodes: number): boolean => 1 - overloadProbability(replicas, vnodes, load) >= safety;
  let high = 1;
  while (!safe(high)) high *= 2;
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (safe(middle)) high = middle;
    else low = middle;
  }
  return high;
}
