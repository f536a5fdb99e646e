/** The lab's ring as LAB 2 tells it, slow and plain: a list of slots, and a scan clockwise for every question. */
import type { HashFunction, Key, PlacementOptions, Replica } from '../../../core/types.ts';

/** The offsets that a probing may try, by its name: all of them, since each repeats within 2M attempts. */
const offsetsOf: Readonly<Record<string, (attempt: bigint) => bigint>> = {
  linear: (t) => t,
  quadratic: (t) => t * t,
  triangular: (t) => (t * (t + 1n)) / 2n,
};

/** What a ring is made of, with the probing by name. */
export type RingOptions = Omit<PlacementOptions, 'probing'> & { readonly probing: string };

/** A slot by big integers, from the exact value of the hash. */
function slotBy(hash: HashFunction, key: Key, seed: number, slots: number): number {
  const m = BigInt(slots);
  const value = hash.wide ? hash.wide.value(key, seed) : BigInt(hash(key, seed));
  return Number(((value % m) + m) % m);
}

/** The reference: `slots[s]` is the replica whose virtual server stands in slot s. */
export class SlowRing {
  slots: (Replica | null)[];
  members: Replica[] = [];
  readonly options: RingOptions;

  constructor(options: RingOptions) {
    this.options = options;
    this.slots = Array.from({ length: options.slots }, () => null);
  }

  /** False when a virtual server finds no free slot; the ring is as it was then. */
  join(replica: Replica): boolean {
    const before = [...this.slots];
    const { vnodeFrom, vnodes, serverHash, slots } = this.options;
    for (let j = vnodeFrom; j < vnodeFrom + vnodes; j++) {
      const free = this.#probe(slotBy(serverHash, replica.id, j, slots));
      if (free === undefined) {
        this.slots = before;
        return false;
      }
      this.slots[free] = replica;
    }
    this.members.push(replica);
    return true;
  }

  leave(replica: Replica): void {
    this.slots = this.slots.map((occupant) => (occupant === replica ? null : occupant));
    this.members = this.members.filter((member) => member !== replica);
  }

  slotOf(key: Key): number {
    return slotBy(this.options.requestHash, key, 0, this.options.slots);
  }

  /** Replicas in the order in which one meets them clockwise from a slot, that slot included. */
  clockwise(from: number): Replica[] {
    const met = [...this.slots.slice(from), ...this.slots.slice(0, from)].filter((r) => r !== null);
    return [...new Set(met)];
  }

  /** The slots that one looks at from a slot to the first that is taken. */
  walk(from: number): number[] {
    const all = this.slots.map((_, step) => (from + step) % this.slots.length);
    return all.slice(0, all.findIndex((slot) => this.slots[slot] !== null) + 1);
  }

  #probe(first: number): number | undefined {
    const m = BigInt(this.slots.length);
    for (let attempt = 0n; attempt < 2n * m; attempt++) {
      const slot = Number((BigInt(first) + offsetsOf[this.options.probing](attempt)) % m);
      if (this.slots[slot] === null) return slot;
    }
    return undefined;
  }
}
