/** One group of HAProxy's dynamic round robin: a window of turns as long as the weights, and the one after it (lb_fwrr.c). */
import { NOBODY } from '../types.ts';
import { SCALE } from './pool.ts';
import { turnTree } from './turn-tree.ts';
import type { TurnTree } from './turn-tree.ts';

const MOST_WEIGHT = 256 * SCALE;
const KEY_RANGE = 256;

/** A server's place: the turn it last had and the next one, with what division left over. */
interface Place {
  weight: number;
  last: number;
  next: number;
  rest: number;
  tree: TurnTree | null;
}

/** A group of servers that take turns. */
export interface TurnGroup {
  add(server: number, weight: number): void;
  /** The server whose turn it is, moved to its next one. */
  take(): number;
  down(server: number): void;
  up(server: number, weight: number): void;
  reweigh(server: number, weight: number): void;
}

/** An empty group; `total` is the weight of those that will be added at start. */
export function turnGroup(total: number): TurnGroup {
  const places = new Map<number, Place>();
  const current = turnTree();
  let [init, later] = [turnTree(), turnTree()];
  let [position, currentWeight, nextWeight] = [total, total, total];

  function place(server: number): Place {
    const found = places.get(server) ?? { weight: 0, last: 0, next: 0, rest: 0, tree: null };
    places.set(server, found);
    return found;
  }

  /** Heavy ones first. */
  function queueByWeight(tree: TurnTree, server: number): void {
    tree.insert(server, MOST_WEIGHT - place(server).weight);
    place(server).tree = tree;
  }

  /** What fits neither into this window nor into the next one as it will be waits for the next. */
  function queue(server: number): void {
    const p = place(server);
    if (p.next >= 2 * currentWeight || p.next >= currentWeight + nextWeight) {
      p.next -= currentWeight;
      queueByWeight(later, server);
      return;
    }
    const lightness = Math.floor((MOST_WEIGHT + p.rest - p.weight) / SCALE);
    current.insert(server, (KEY_RANGE * p.next + lightness) >>> 0);
    p.tree = current;
  }

  /** Takes a server's place out of the tree it stands in. */
  function prepare(p: Place): void {
    if (p.tree === init) [p.next, p.rest] = [0, 0];
    else if (p.tree === later) p.next += currentWeight;
    else if (p.tree === null) p.next = position;
  }

  function advance(p: Place): void {
    if (p.next === 0) p.next = position;
    p.last = p.next;
    p.next += Math.floor(nextWeight / p.weight);
    p.rest += nextWeight % p.weight;
    if (p.rest < p.weight) return;
    p.rest -= p.weight;
    p.next++;
  }

  /** The head of the window if its turn has come, else a newcomer, else the head all the same. */
  function head(): number {
    const due = current.first();
    if (due !== undefined && place(due).next <= position) return due;
    const fresh = init.first();
    if (fresh === undefined) return due ?? NOBODY;
    prepare(place(fresh));
    return fresh;
  }

  function switchTrees(): void {
    [init, later] = [later, init];
    currentWeight = nextWeight;
    position = currentWeight;
  }

  function leave(server: number): void {
    const p = place(server);
    p.tree?.delete(server);
    p.tree = null;
  }

  return {
    add(server, weight) {
      place(server).weight = weight;
      queueByWeight(init, server);
    },
    take() {
      if (currentWeight === 0) position = currentWeight = nextWeight;
      if (head() === NOBODY) switchTrees();
      const server = head();
      if (server === NOBODY) return NOBODY;
      advance(place(server));
      place(server).tree?.delete(server);
      position++;
      queue(server);
      return server;
    },
    down(server) {
      nextWeight -= place(server).weight;
      leave(server);
    },
    up(server, weight) {
      const p = place(server);
      nextWeight += weight;
      p.weight = weight;
      prepare(p);
      p.next = position + Math.floor((nextWeight + currentWeight - position) / weight);
      queue(server);
    },
    reweigh(server, weight) {
      const p = place(server);
      nextWeight += weight - p.weight;
      p.weight = weight;
      if (p.tree === init) {
        p.tree.delete(server);
        queueByWeight(init, server);
        return;
      }
      prepare(p);
      const before = p.next;
      const step = Math.floor(nextWeight / weight);
      p.next = Math.min(p.last + step, before);
      p.rest = 0;
      if (p.next < position + 2) p.next = position + step;
      p.tree?.delete(server);
      queue(server);
    },
  };
}
