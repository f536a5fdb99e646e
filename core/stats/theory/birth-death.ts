/** Queues whose number in the system goes up and down by one: loss, bounded, impatient and closed ones. */

/** What a bounded birth-and-death queue does in the long run. */
export interface BirthDeath {
  /** Probability of 0, 1, 2 … in the system. */
  readonly states: readonly number[];
  /** Mean number in the system. */
  readonly mean: number;
}

/**
 * The balance of births and deaths: p(n + 1) = p(n) birth(n) / death(n + 1) (Kleinrock 1975, 3.1).
 * @param most the largest number in the system; births stop there
 */
export function birthDeath(
  birth: (n: number) => number,
  death: (n: number) => number,
  most: number,
): BirthDeath {
  const weights = [1];
  for (let n = 0; n < most; n++) weights.push((weights[n] * birth(n)) / death(n + 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const states = weights.map((weight) => weight / total);
  return { states, mean: states.reduce((sum, p, n) => sum + n * p, 0) };
}

/** Loss probability of M/M/1/K (Kleinrock 1975, 3.6): the last state's. */
export function lossOfBounded(load: number, places: number): number {
  return birthDeath(
    () => load,
    () => 1,
    places,
  ).states[places];
}

/** Erlang's B (1917): the loss of c workers without a queue, at an offered load of `a`. */
export function erlangB(workers: number, a: number): number {
  return birthDeath(
    () => a,
    (n) => n,
    workers,
  ).states[workers];
}

/** Erlang's C (1917): the chance to wait in M/M/c, at an offered load of `a` below c. */
export function erlangC(workers: number, a: number): number {
  const blocked = erlangB(workers, a);
  return blocked / (1 - (a / workers) * (1 - blocked));
}

/**
 * Share of clients that leave M/M/c+M before their service begins (Palm 1957; Garnett, Mandelbaum, Reiman 2002).
 * Rates in one unit of time; beyond the 2,000th place nobody stands.
 */
export function abandonment(arrivals: number, service: number, workers: number, patience: number): number {
  const leaving = (n: number): number => Math.max(0, n - workers) * patience;
  const { states } = birthDeath(
    () => arrivals,
    (n) => Math.min(n, workers) * service + leaving(n),
    2000,
  );
  return states.reduce((sum, p, n) => sum + p * leaving(n), 0) / arrivals;
}
