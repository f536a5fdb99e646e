/** Closed forms that charts and tests hold the lab's numbers against. */

/**
 * Coefficient of variation of the shares of a ring of random points: each share is Beta(K, (N-1)K), whose variance
 * is (1/N)(1-1/N)/(NK+1) (Karger et al. 1997; the arcs of NK uniform points are Dirichlet(1, …, 1)).
 */
export function ringVariation(replicas: number, vnodes: number): number {
  return Math.sqrt((replicas - 1) / (replicas * vnodes + 1));
}

/** Coefficient of variation of the counts of `requests` balls thrown evenly into `replicas` bins. */
export function ballsVariation(replicas: number, requests: number): number {
  return Math.sqrt((replicas - 1) / requests);
}

/** Half the width of the 95% interval of a share that `n` independent draws estimate (normal approximation). */
export function shareInterval(share: number, n: number): number {
  return 1.96 * Math.sqrt((share * (1 - share)) / n);
}
