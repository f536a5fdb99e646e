/** Smooth weighted round robin as in nginx (ngx_http_upstream_round_robin.c): in turn, heavy ones spread out. */
import type { Balancer, PolicyEntry } from '../types.ts';
import { NONE } from '../types.ts';

/** A member since it joined. Its credit is `lead` + weight × picks so far: all of one weight gain alike. */
interface Turn {
  readonly handle: number;
  /** Who joined first is first among equals. */
  readonly order: number;
  lead: number;
}

/** Members of one weight, the most credit first, as a ring that begins at `head`. */
interface Row {
  readonly weight: number;
  readonly turns: Turn[];
  head: number;
}

/**
 * Every pick adds each weight to its replica's credit, takes the first highest, and charges it the total weight.
 * Over any `total weight` picks each replica gets exactly its weight; with equal weights this is plain rotation.
 *
 * Members of one weight gain alike, so only the one that is charged changes its place among them, and nearly always
 * to the end. A pick therefore looks at the head of one row for each different weight, and not at every member. All
 * numbers are integers, so it is the pick that a look at all would give.
 */
export function smoothRoundRobin(): Balancer {
  const rows: Row[] = [];
  let total = 0;
  let picks = 0;
  let joins = 0;

  function pick(): number {
    if (rows.length === 0) return NONE;
    picks++;
    const best = rows.length === 1 ? rows[0] : highest(rows, picks);
    const turn = headOf(best);
    turn.lead -= total;
    best.head = best.head + 1 === best.turns.length ? 0 : best.head + 1;
    settle(best);
    return turn.handle;
  }

  /** `pick` for members of one weight: in nearly all picks the next in the ring. Returns whether one did not go to the end. */
  function rotate(row: Row, out: Int32Array, from: number, to: number): boolean {
    const { turns } = row;
    let { head } = row;
    let moved = false;
    for (let i = from; i < to; i++) {
      const turn = turns[head];
      const before = turns[head === 0 ? turns.length - 1 : head - 1];
      turn.lead -= total;
      out[i] = turn.handle;
      if (++head === turns.length) head = 0;
      row.head = head;
      if (before.lead <= turn.lead && settle(row)) moved = true;
    }
    picks += to - from;
    return moved;
  }

  /** After a round in which all went to the end, each has been charged alike, so that all rounds are like it. */
  function goRound(row: Row, out: Int32Array, count: number): void {
    const round = row.turns.length;
    const first = Math.min(round, count);
    const rounds = rotate(row, out, 0, first) ? 0 : Math.floor((count - first) / round);
    const done = first + rounds * round;
    if (rounds > 0) {
      for (let i = first; i < done; i++) out[i] = out[i - round];
      for (const turn of row.turns) turn.lead -= rounds * total;
      picks += rounds * round;
    }
    rotate(row, out, done, count);
  }

  return {
    pick,
    picks(_keys, out, count) {
      if (rows.length === 1) goRound(rows[0], out, count);
      else for (let i = 0; i < count; i++) out[i] = pick();
    },
    started() {},
    finished() {},
    joined({ handle, weight }) {
      let row = rows.find((one) => one.weight === weight);
      if (row === undefined) rows.push((row = { weight, turns: [], head: 0 }));
      total += weight;
      const turn = { handle, order: joins++, lead: -weight * picks };
      if (row.head === 0) row.turns.push(turn);
      else row.turns.splice(row.head++, 0, turn);
      settle(row);
    },
    left(handle) {
      const row = rows.find(({ turns }) => turns.some((turn) => turn.handle === handle));
      if (row === undefined) return;
      total -= row.weight;
      const at = row.turns.findIndex((turn) => turn.handle === handle);
      row.turns.splice(at, 1);
      if (at < row.head) row.head--;
      if (row.head === row.turns.length) row.head = 0;
      if (row.turns.length === 0) rows.splice(rows.indexOf(row), 1);
    },
  };
}

const headOf = ({ turns, head }: Row): Turn => turns[head];

const creditOf = (row: Row, picks: number): number => headOf(row).lead + row.weight * picks;

/** The row whose head has the most credit; who joined first is first among equals. */
function highest(rows: readonly Row[], picks: number): Row {
  let best = rows[0];
  let credit = creditOf(best, picks);
  for (let i = 1; i < rows.length; i++) {
    const other = creditOf(rows[i], picks);
    if (other < credit || (other === credit && headOf(rows[i]).order > headOf(best).order)) continue;
    best = rows[i];
    credit = other;
  }
  return best;
}

/** Moves the last of a row forward to where it belongs, which is the end but after joins and leaves; says whether it moved. */
function settle({ turns, head }: Row): boolean {
  const n = turns.length;
  const end = head === 0 ? n - 1 : head - 1;
  let at = end;
  const turn = turns[at];
  while (at !== head) {
    const ahead = at === 0 ? n - 1 : at - 1;
    const other = turns[ahead];
    if (other.lead > turn.lead || (other.lead === turn.lead && other.order < turn.order)) break;
    turns[at] = other;
    at = ahead;
  }
  if (at !== end) turns[at] = turn;
  return at !== end;
}

export const roundRobinEntry: PolicyEntry = {
  name: 'round-robin',
  summary: 'goes round the replicas, in proportion to their weights and spread out (smooth)',
  source: 'nginx, ngx_http_upstream_round_robin.c (Ouyang, Dounin 2012)',
  weights: true,
  sees: 'nothing',
  make: () => smoothRoundRobin,
};
