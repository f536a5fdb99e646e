/** Real balancers that keep turns or loads, slow and plain: every pick looks at every server. */
import type { ServerLine } from '../../core/profile/types.ts';
import { NOBODY } from '../../core/profile/types.ts';

/** What a reference is told. Servers are looked at as they stand at that moment. */
export interface SlowTurns {
  pick(): number;
  started(server: number): void;
  finished(server: number): void;
  /** Server's weight or health has changed. */
  changed(server: number): void;
}

type Lines = readonly ServerLine[];

const idle = { started: () => undefined, finished: () => undefined, changed: () => undefined };
const upIn = (lines: Lines): number[] => [...lines.keys()].filter((i) => !lines[i].down && lines[i].weight > 0); // prettier-ignore

/** Smooth weighted round robin: all gain their weight, the first richest pays what all gained (nginx, get_peer). */
function richest(among: readonly number[], lines: Lines, credits: number[]): number {
  if (among.length === 0) return NOBODY;
  for (const i of among) credits[i] += lines[i].weight;
  const most = Math.max(...among.map((i) => credits[i]));
  const found = among.find((i) => credits[i] === most) ?? NOBODY;
  credits[found] -= among.reduce((sum, i) => sum + lines[i].weight, 0);
  return found;
}

export function nginxRoundRobin(lines: Lines): SlowTurns {
  const credits = lines.map(() => 0);
  return { ...idle, pick: () => richest(upIn(lines), lines, credits) };
}

/** The least in flight a weight, ties by turns among themselves. */
export function nginxLeastConn(lines: Lines): SlowTurns {
  const credits = lines.map(() => 0);
  const inFlight = lines.map(() => 0);
  return {
    ...idle,
    started: (i) => inFlight[i]++,
    finished: (i) => inFlight[i]--,
    pick() {
      const up = upIn(lines);
      // By products: quotients of small integers would be equal too seldom.
      const beaten = (i: number): boolean => up.some((j) => inFlight[j] * lines[i].weight < inFlight[i] * lines[j].weight); // prettier-ignore
      const ties = up.filter((i) => !beaten(i));
      return ties.length === 1 ? ties[0] : richest(ties, lines, credits);
    },
  };
}

/** Equal servers stand in the order in which their number of requests, health or weight last changed. */
export function haproxyLeastConn(lines: Lines): SlowTurns {
  const inFlight = lines.map(() => 0);
  const since = [...lines.keys()];
  let now = lines.length;
  const load = (i: number): number => inFlight[i] === 0 ? 0 : Math.floor(((inFlight[i] + 1) * 256) / lines[i].weight); // prettier-ignore
  const by = (i: number, step: number): void => {
    const before = load(i);
    inFlight[i] += step;
    if (load(i) !== before) since[i] = now++;
  };
  return {
    started: (i) => { by(i, 1); }, // prettier-ignore
    finished: (i) => { by(i, -1); }, // prettier-ignore
    changed: (i) => (since[i] = now++),
    pick: () => upIn(lines).sort((a, b) => load(a) - load(b) || since[a] - since[b]).at(0) ?? NOBODY, // prettier-ignore
  };
}

export function haproxyFirst(lines: Lines): SlowTurns {
  return { ...idle, pick: () => upIn(lines).at(0) ?? NOBODY };
}

/** The map that `recalc_server_map` fills, in the integers of C; weights as the file has them. */
export function turnMap(lines: Lines, weights: readonly number[]): number[] {
  const common = weights.reduce(function divisor(a: number, b: number): number { return b === 0 ? a : divisor(b, a % b); }, 0) || 1; // prettier-ignore
  const up = upIn(lines);
  const weight = (i: number): number => weights[i] / common;
  const total = up.reduce((sum, i) => sum + weight(i), 0);
  const scores = lines.map(() => 0);
  return Array.from({ length: total }, () => {
    for (const i of up) scores[i] += weight(i);
    const wholes = up.map((i) => Math.trunc((scores[i] + total) / total));
    const best = up[wholes.indexOf(Math.max(...wholes))];
    scores[best] -= total;
    return best;
  });
}

export function haproxyStatic(lines: Lines): SlowTurns {
  const weights = lines.map(({ weight }) => weight);
  let turn = 0;
  return {
    ...idle,
    pick() {
      const map = turnMap(lines, weights);
      if (map.length === 0) return NOBODY;
      turn = turn < map.length ? turn + 1 : 1;
      return map[turn - 1];
    },
  };
}
