/**
 * The circle of 32-bit numbers with points on it: a number belongs to the first point that is not below it, wrapping.
 *
 * Points stand in a sorted array behind an index by their upper bits, about one point an entry, so that a lookup takes
 * a step or two. Points that leave only hand their arcs on, at a cost in proportion to their number, until half have.
 */
import { sortedOrder } from './radix.ts';
import { NONE } from '../types.ts';

/** A circle of points, each a member's. */
export interface Circle {
  /** Adds a member; of equal points the one of the lower rank goes first. */
  add(handle: number, rank: number, points: Uint32Array): void;
  remove(handle: number): void;
  /** The member of the first point at or after a number. There is one. */
  ownerOf(position: number): number;
  /** The index of the first point at or after a number that stands. */
  find(position: number): number;
  /** The index of the next point that stands. */
  after(index: number): number;
  pointAt(index: number): number;
  handleAt(index: number): number;
  /** Different members from a number on, clockwise, at most n. */
  walk(position: number, n: number): number[];
  /** Share of the circle that each member owns. */
  shares(): Map<number, number>;
  bytes(): number;
  readonly members: number;
}

interface Member {
  readonly rank: number;
  readonly points: Uint32Array;
}

const AROUND = 0x1_0000_0000;

/** An empty circle. */
export function circle(): Circle {
  const members = new Map<number, Member>();
  let stale = false;
  let gone = 0;
  let count = 0;
  let shift = 31;
  /** Ascending, and a last one that no number exceeds. */
  let points = new Uint32Array(1);
  /** Who stands at a point, or NONE. */
  let standing = new Int32Array(1);
  /** Who gets what falls to a point: whoever stands there or next. */
  let owners = new Int32Array(1);
  /** The first point at or after each multiple of 2^shift. */
  let index = new Uint32Array(2);

  function rebuild(): void {
    stale = false;
    gone = 0;
    const ordered = [...members].sort(([, a], [, b]) => a.rank - b.rank);
    count = ordered.reduce((total, [, member]) => total + member.points.length, 0);
    const unsorted = new Uint32Array(count);
    const handles = new Int32Array(count);
    let at = 0;
    for (const [handle, member] of ordered) {
      unsorted.set(member.points, at);
      handles.fill(handle, at, (at += member.points.length));
    }
    const order = sortedOrder(unsorted);
    points = new Uint32Array(count + 1).fill(AROUND - 1);
    standing = new Int32Array(count).fill(NONE);
    owners = new Int32Array(count + 1);
    for (let i = 0; i < count; i++) {
      points[i] = unsorted[order[i]];
      standing[i] = owners[i] = handles[order[i]];
    }
    owners[count] = owners[0];
    buildIndex();
  }

  function buildIndex(): void {
    shift = Math.min(31, Math.clz32(Math.max(1, count - 1)));
    index = new Uint32Array(((AROUND - 1) >>> shift) + 2).fill(count);
    for (let i = count - 1; i >= 0; i--) index[points[i] >>> shift] = i;
    for (let i = index.length - 2; i >= 0; i--) if (index[i] > index[i + 1]) index[i] = index[i + 1];
  }

  /** The first point at or after a number, whether it stands or not; `count` beyond the last. */
  function first(position: number): number {
    let i = index[position >>> shift];
    while (points[i] < position) i++;
    return i;
  }

  function next(i: number): number {
    let at = i;
    do at = at + 1 < count ? at + 1 : 0;
    while (standing[at] === NONE);
    return at;
  }

  /** Where the member's points are; equal points of others may stand before them. */
  function placesOf(handle: number, own: Uint32Array): number[] {
    return Array.from(own, (point) => {
      let i = first(point);
      while (standing[i] !== handle) i++;
      standing[i] = NONE;
      return i;
    });
  }

  function handOn(places: readonly number[], from: number): void {
    for (const place of places) {
      const heir = standing[next(place)];
      for (let i = place; owners[i] === from; i = i === 0 ? count - 1 : i - 1) owners[i] = heir;
    }
    owners[count] = owners[0];
  }

  function fresh(): void {
    if (stale) rebuild();
  }

  return {
    get members() {
      return members.size;
    },
    add(handle, rank, own) {
      members.set(handle, { rank, points: own });
      stale = true;
    },
    remove(handle) {
      const own = members.get(handle)?.points;
      if (!own) throw new Error(`replica ${handle} is not on the circle`);
      members.delete(handle);
      gone += own.length;
      if (stale || members.size === 0 || gone > count / 2) stale = true;
      else handOn(placesOf(handle, own), handle);
    },
    ownerOf(position) {
      if (stale) rebuild();
      let i = index[position >>> shift];
      while (points[i] < position) i++;
      return owners[i];
    },
    find(position) {
      fresh();
      const i = first(position);
      return i < count && standing[i] !== NONE ? i : next(i < count ? i : count - 1);
    },
    after: next,
    pointAt: (i) => points[i],
    handleAt: (i) => standing[i],
    walk(position, n) {
      fresh();
      const found = new Set<number>();
      const wanted = Math.min(n, members.size);
      for (let i = first(position); found.size < wanted; i = i + 1 < count ? i + 1 : 0) found.add(owners[i]);
      return [...found];
    },
    shares() {
      fresh();
      const arcs = new Map([...members.keys()].map((handle) => [handle, 0]));
      for (let i = 0; i < count && members.size > 0; i++) {
        const arc = i === 0 ? points[0] + AROUND - points[count - 1] : points[i] - points[i - 1];
        arcs.set(owners[i], (arcs.get(owners[i]) ?? 0) + arc);
      }
      return new Map([...arcs].map(([handle, arc]) => [handle, arc / AROUND]));
    },
    bytes() {
      fresh();
      const own = [...members.values()].reduce((total, member) => total + member.points.byteLength, 0);
      return own + points.byteLength + standing.byteLength + owners.byteLength + index.byteLength;
    },
  };
}
