/**
 * The circle of 32-bit numbers with points on it: a number belongs to the first point that is not below it, wrapping.
 *
 * Points stand in a sorted array behind an index by their upper bits, about one point an entry, so that a lookup takes
 * a step or two. Points that leave only hand their arcs on, at a cost in proportion to their number, until half have.
 */
import { sortedOrder } from './radix.ts';
import { firstRound } from './round.ts';
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
  /** The first of them that is accepted, or NONE. */
  firstOf(position: number, accepts: (handle: number) => boolean): number;
  /** Share of the circle that each member owns. */
  shares(): Map<number, number>;
  bytes(): number;
  readonly members: number;
}

interface Member {
  readonly rank: number;
  readonly points: Uint32Array;
}

/** Points in ascending order, equal ones by rank, and whose they are. */
interface Ordered {
  readonly points: Uint32Array<ArrayBuffer>;
  readonly handles: Int32Array<ArrayBuffer>;
}

const AROUND = 0x1_0000_0000;

/** An empty circle. */
export function circle(): Circle {
  const members = new Map<number, Member>();
  /** Those that joined since the points were put in order. */
  const joined = new Set<number>();
  let stale = false;
  /** Whether what stands is no longer worth merging with. */
  let anew = false;
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

  /** The points of these members in order. */
  function ordered(handles: Iterable<number>): Ordered {
    const byRank = [...handles].map((handle) => ({ handle, ...member(handle) })).sort((a, b) => a.rank - b.rank); // prettier-ignore
    const size = byRank.reduce((total, { points: own }) => total + own.length, 0);
    const [unsorted, whose] = [new Uint32Array(size), new Int32Array(size)];
    let at = 0;
    for (const { handle, points: own } of byRank) {
      unsorted.set(own, at);
      whose.fill(handle, at, (at += own.length));
    }
    const order = sortedOrder(unsorted);
    const [points, holders] = [new Uint32Array(size), new Int32Array(size)];
    for (let i = 0; i < size; i++) {
      points[i] = unsorted[order[i]];
      holders[i] = whose[order[i]];
    }
    return { points, handles: holders };
  }

  /** What stands with those that joined between, in time linear in the points. */
  function merged(fresh: Ordered): Ordered {
    const size = count - gone + fresh.points.length;
    const out: Ordered = { points: new Uint32Array(size), handles: new Int32Array(size) };
    for (let at = 0, i = 0, j = 0; at < size; at++) {
      while (i < count && standing[i] === NONE) i++;
      const takesOld = i < count && (j === fresh.points.length || goesFirst(i, fresh, j));
      out.points[at] = takesOld ? points[i] : fresh.points[j];
      out.handles[at] = takesOld ? standing[i++] : fresh.handles[j++];
    }
    return out;
  }

  function goesFirst(i: number, fresh: Ordered, j: number): boolean {
    if (points[i] !== fresh.points[j]) return points[i] < fresh.points[j];
    return member(standing[i]).rank <= member(fresh.handles[j]).rank;
  }

  function member(handle: number): Member {
    const found = members.get(handle);
    if (!found) throw new Error(`replica ${handle} is not on the circle`);
    return found;
  }

  function rebuild(): void {
    const few = [...joined].reduce((total, handle) => total + member(handle).points.length, 0) <= (count - gone) / 2; // prettier-ignore
    const all = few && !anew ? merged(ordered(joined)) : ordered(members.keys());
    [stale, anew, gone] = [false, false, 0];
    joined.clear();
    count = all.points.length;
    points = new Uint32Array(count + 1).fill(AROUND - 1);
    points.set(all.points);
    standing = all.handles;
    owners = new Int32Array(count + 1);
    owners.set(standing);
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
      joined.add(handle);
      stale = true;
    },
    remove(handle) {
      const { points: own } = member(handle);
      members.delete(handle);
      if (joined.delete(handle)) return;
      gone += own.length;
      if (stale || members.size === 0 || gone > count / 2) stale = anew = true;
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
    firstOf(position, accepts) {
      fresh();
      return firstRound(
        owners,
        first(position) % Math.max(1, count),
        members.size === 0 ? 0 : count,
        accepts,
      );
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
