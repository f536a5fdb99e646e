/** M/M/1 from an empty start, by number: what is in the system at a time, and what the n-th customer waits. */

/** Places that are followed; the chance of more is negligible for the times that are asked for. */
const PLACES = 600;

/**
 * Mean number in the system at time t, by uniformisation (Jensen 1953): the chain jumps at the times of a Poisson
 * process of rate λ + μ, and the number of jumps by t is Poisson.
 */
export function meanAt(t: number, arrivals: number, service: number): number {
  const rate = arrivals + service;
  const up = arrivals / rate;
  let state = new Float64Array(PLACES);
  state[0] = 1;
  let [weight, seen, mean] = [Math.exp(-rate * t), 0, 0];
  for (let jump = 0; seen < 1 - 1e-12 && jump < 10_000; jump++) {
    mean += weight * state.reduce((sum, p, n) => sum + n * p, 0);
    seen += weight;
    weight *= (rate * t) / (jump + 1);
    const next = new Float64Array(PLACES);
    state.forEach((p, n) => {
      next[Math.min(PLACES - 1, n + 1)] += p * up;
      next[Math.max(0, n - 1)] += p * (1 - up);
    });
    state = next;
  }
  return mean;
}

/**
 * Mean wait of the n-th customer (from 1) of M/M/1 that begins empty: the number found by each customer is a Markov
 * chain of its own, since between two arrivals a geometric number leaves (Kleinrock 1975, 2.12; Kelton, Law 1985).
 */
export function waitOfNth(n: number, arrivals: number, service: number): number {
  const stays = arrivals / (arrivals + service);
  let found = new Float64Array(PLACES);
  found[0] = 1;
  for (let customer = 1; customer < n; customer++) {
    const next = new Float64Array(PLACES);
    found.forEach((p, k) => {
      let rest = p;
      for (let left = Math.min(PLACES - 1, k + 1); left > 0; left--) {
        next[left] += rest * stays;
        rest *= 1 - stays;
      }
      next[0] += rest;
    });
    found = next;
  }
  return found.reduce((sum, p, k) => sum + (p * k) / service, 0);
}
