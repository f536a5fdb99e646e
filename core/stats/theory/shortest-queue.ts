/**
 * Join the shortest of d queues drawn from N, exactly, for small N: the Markov chain of the sorted queue lengths,
 * cut off at a length that is all but never reached, solved by Gauss-Seidel iteration.
 */
import { erlangTail } from '../distributions.ts';

/** What a request finds: `ahead[n]` is the probability of n others at the replica that it joins. */
export interface Joined {
  readonly ahead: readonly number[];
}

const SWEEPS = 20_000;
const CONVERGED = 1e-12;

/** How the d queues are drawn. */
export type Drawn = 'without replacement' | 'with replacement';

/**
 * @param load of each replica, below 1
 * @param d replicas looked at, from 1 to N; N without replacement is join the shortest queue
 * @param longest length that no queue passes; the mass there should be negligible
 */
export function shortestQueue(
  n: number,
  d: number,
  load: number,
  longest: number,
  drawn: Drawn = 'without replacement',
): Joined {
  const index = new Map<string, number>();
  const states: number[][] = [];
  const list = (state: number[], least: number): void => {
    if (state.length === n) {
      index.set(state.join(), states.length);
      states.push(state);
      return;
    }
    for (let length = least; length <= longest; length++) list([...state, length], length);
  };
  list([], 0);
  const chances = drawn === 'with replacement' ? firstOfRepeated(n, d) : firstOf(n, d);
  const at = (state: readonly number[]): number => index.get([...state].sort((a, b) => a - b).join()) ?? -1;
  const [from, to, rate]: [number[], number[], number[]] = [[], [], []];
  const out = new Float64Array(states.length);
  const move = (source: number, target: number, amount: number): void => {
    if (target < 0 || amount === 0) return;
    from.push(source);
    to.push(target);
    rate.push(amount);
    out[source] += amount;
  };
  states.forEach((state, source) => {
    for (let i = 0; i < n; i++) {
      const [more, less] = [[...state], [...state]];
      more[i]++;
      less[i]--;
      move(source, at(more), n * load * chances[i]);
      if (state[i] > 0) move(source, at(less), 1);
    }
  });
  const p = stationary({ from, to, rate, out });
  const ahead = new Array<number>(longest + 1).fill(0);
  states.forEach((state, i) => {
    state.forEach((length, place) => (ahead[length] += p[i] * chances[place]));
  });
  return { ahead };
}

/** The chance that the i-th shortest is the shortest of d drawn without replacement: C(n - i, d - 1) / C(n, d). */
function firstOf(n: number, d: number): number[] {
  const choose = (a: number, b: number): number => {
    let product = 1;
    for (let i = 0; i < b; i++) product = (product * (a - i)) / (i + 1);
    return a < b ? 0 : product;
  };
  return Array.from({ length: n }, (_, i) => choose(n - i - 1, d - 1) / choose(n, d));
}

/** The same with replacement: all draws fall on it or on longer ones, less that all fall on longer ones. */
function firstOfRepeated(n: number, d: number): number[] {
  const allAfter = (i: number): number => {
    let product = 1;
    for (let draw = 0; draw < d; draw++) product *= (n - i) / n;
    return product;
  };
  return Array.from({ length: n }, (_, i) => allAfter(i) - allAfter(i + 1));
}

interface Chain {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly rate: readonly number[];
  readonly out: Float64Array;
}

/** The stationary distribution: each state's probability is what flows in over the rate of leaving, until none changes. */
function stationary({ from, to, rate, out }: Chain): Float64Array {
  const n = out.length;
  const start = new Int32Array(n + 1);
  for (const target of to) start[target + 1]++;
  for (let i = 0; i < n; i++) start[i + 1] += start[i];
  const next = start.slice();
  const sources = new Int32Array(from.length);
  const rates = new Float64Array(from.length);
  to.forEach((target, i) => {
    sources[next[target]] = from[i];
    rates[next[target]++] = rate[i];
  });
  const p = new Float64Array(n).fill(1 / n);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let [change, total] = [0, 0];
    for (let i = 0; i < n; i++) {
      let flow = 0;
      for (let j = start[i]; j < start[i + 1]; j++) flow += p[sources[j]] * rates[j];
      const now = flow / out[i];
      change += Math.abs(now - p[i]);
      total += p[i] = now;
    }
    for (let i = 0; i < n; i++) p[i] /= total;
    if (change < CONVERGED) break;
  }
  return p;
}

/** Mean response: each one ahead and the request itself take a service. */
export function meanResponse({ ahead }: Joined, serviceMs: number): number {
  return ahead.reduce((sum, p, n) => sum + p * (n + 1) * serviceMs, 0);
}

/** The q-quantile of the response, a mixture of Erlang's distributions, by bisection. */
export function responseQuantile({ ahead }: Joined, q: number, serviceMs: number): number {
  const above = (t: number): number =>
    ahead.reduce((sum, p, n) => sum + p * erlangTail(t, n + 1, 1 / serviceMs), 0);
  let [low, high] = [0, serviceMs];
  while (above(high) > 1 - q) high *= 2;
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2;
    if (above(middle) > 1 - q) low = middle;
    else high = middle;
  }
  return high;
}
