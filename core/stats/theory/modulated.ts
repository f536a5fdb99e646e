/** One exponential server in a world of two phases, by the matrix-geometric method (Neuts 1981): bursts, breakdowns. */

type Pair = readonly [number, number];
type Square = readonly [Pair, Pair];

/** Rates in one unit of time, by phase. */
export interface Phases {
  readonly arrivals: Pair;
  readonly service: Pair;
  /** Of leaving each phase for the other. */
  readonly change: Pair;
}

const ITERATIONS = 100_000;
const CONVERGED = 1e-15;

const times = (a: Square, b: Square): Square => [row(a[0], b), row(a[1], b)];
const row = ([x, y]: Pair, [p, q]: Square): Pair => [x * p[0] + y * q[0], x * p[1] + y * q[1]];
const inverse = ([[a, b], [c, d]]: Square): Square => {
  const det = a * d - b * c;
  return [
    [d / det, -b / det],
    [-c / det, a / det],
  ];
};
const combine = (a: Square, b: Square, f: (x: number, y: number) => number): Square => [
  [f(a[0][0], b[0][0]), f(a[0][1], b[0][1])],
  [f(a[1][0], b[1][0]), f(a[1][1], b[1][1])],
];

/**
 * The mean number in the system. With R the least solution of A0 + R A1 + R² A2 = 0, the probabilities of n are
 * those of 0 times Rⁿ; R is found by R ← -(A0 + R² A2) A1⁻¹ from 0.
 */
export function meanInPhases({ arrivals: [l1, l2], service: [m1, m2], change: [c1, c2] }: Phases): number {
  const up: Square = [
    [l1, 0],
    [0, l2],
  ];
  const down: Square = [
    [m1, 0],
    [0, m2],
  ];
  const local: Square = [
    [-(l1 + m1 + c1), c1],
    [c2, -(l2 + m2 + c2)],
  ];
  const negative = inverse(combine(local, local, (x) => -x));
  let r: Square = [
    [0, 0],
    [0, 0],
  ];
  for (let i = 0; i < ITERATIONS; i++) {
    const next = times(
      combine(up, times(times(r, r), down), (x, y) => x + y),
      negative,
    );
    const change = combine(next, r, (x, y) => Math.abs(x - y))
      .flat()
      .reduce((a, b) => a + b, 0);
    r = next;
    if (change < CONVERGED) break;
  }
  // Nobody there: local rates without service. The left null vector of a 2 by 2 generator is read off its columns.
  const empty = combine(
    combine(local, down, (x, y) => x + y),
    times(r, down),
    (x, y) => x + y,
  );
  const ratio: Pair = [-empty[1][0], empty[0][0]];
  const rest = inverse(
    combine(
      [
        [1, 0],
        [0, 1],
      ],
      r,
      (x, y) => x - y,
    ),
  );
  const mass = row(ratio, rest);
  const mean = row(row(row(ratio, r), rest), rest);
  return (mean[0] + mean[1]) / (mass[0] + mass[1]);
}
