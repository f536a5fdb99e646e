/** Closed forms for one queue with one server, or with several that serve one queue. */
import { erlangC } from './birth-death.ts';

/** Mean wait of M/G/1 at rate λ with E[S] and E[S²] (Pollaczek 1930, Khinchin 1932). */
export function pollaczekKhinchin(arrivals: number, mean: number, second: number): number {
  return (arrivals * second) / (2 * (1 - arrivals * mean));
}

/** Second moment of that wait, which takes E[S³] (Takács 1962). */
export function squaredWait(arrivals: number, mean: number, second: number, third: number): number {
  const wait = pollaczekKhinchin(arrivals, mean, second);
  return 2 * wait * wait + (arrivals * third) / (3 * (1 - arrivals * mean));
}

/** Mean wait of M/M/c (Erlang 1917). */
export function waitOfMMc(arrivals: number, service: number, workers: number): number {
  return erlangC(workers, arrivals / service) / (workers * service - arrivals);
}

/**
 * The share that waits in GI/M/1, σ = A(μ(1 - σ)) with A the transform of a gap; a response is exponential at rate
 * μ(1 - σ) (Kendall 1953; Kleinrock 1975, 6.4). By bisection, for a load below 1.
 */
export function waitersOfGM1(gapTransform: (s: number) => number, service: number): number {
  let [low, high] = [0, 1 - 1e-12];
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (gapTransform(service * (1 - middle)) > middle) low = middle;
    else high = middle;
  }
  return low;
}

/** The transform of a gap that is the sum of k exponential ones: what each of k replicas sees under round robin. */
export function erlangGap(arrivals: number, k: number): (s: number) => number {
  return (s) => {
    let product = 1;
    for (let i = 0; i < k; i++) product *= arrivals / (arrivals + s);
    return product;
  };
}

/** Mean response of a closed loop of n clients at an exponential server (mean value analysis; Reiser, Lavenberg 1980). */
export function responseOfClosed(clients: number, serviceMs: number, thinkMs: number): number {
  let [queue, response] = [0, serviceMs];
  for (let n = 1; n <= clients; n++) {
    response = serviceMs * (1 + queue);
    queue = (n * response) / (response + thinkMs);
  }
  return response;
}

/** Mean response under power of d choices as N grows without bound (Vvedenskaya et al. 1996; Mitzenmacher 2001). */
export function responseOfManyChoices(load: number, d: number, serviceMs: number): number {
  let [sum, exponent, step] = [0, 0, d];
  while (exponent < 1e6) {
    const term = Math.exp(exponent * Math.log(load));
    if (term < 1e-17) break;
    sum += term;
    exponent += step;
    step *= d;
  }
  return serviceMs * sum;
}
