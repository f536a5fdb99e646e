/** Who is a member: the balancers of a run, and which replicas each of them may pick. */
import { seatOf } from '../core/resolve.ts';
import type { Seat } from '../core/resolve.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Tables } from '../core/tables.ts';
import { NONE } from '../core/types.ts';
import type { Balancer, Key, Replica, Request } from '../core/types.ts';

/** Picks until one that was not tried comes up, before any other is taken; Envoy asks for as few. */
const PICKS = 3;

/** Changes of health reach all balancers at once; an ejection is one balancer's own. */
export class Members {
  readonly balancers: readonly Balancer[];
  readonly #seats: readonly Seat[];
  /** Healthy replicas by handle, which is the order in which they joined first. */
  readonly #healthy: (Replica | undefined)[] = [];
  #count = 0;
  /** Those that have joined again, in order of that. */
  readonly #again = new Set<number>();
  readonly #ejected: readonly Map<number, Replica>[];
  #turn = 0;

  constructor(scenario: Scenario, tables: Tables) {
    this.#seats = Array.from({ length: scenario.balancers }, (_, n) => seatOf(scenario, tables, n));
    this.balancers = this.#seats.map(({ balancer }) => balancer);
    this.#ejected = this.#seats.map(() => new Map<number, Replica>());
  }

  has(handle: number): boolean {
    return this.#healthy[handle] !== undefined;
  }

  /** A replica can be picked from now on, by all who have not ejected it. */
  join(replica: Replica, now: number): void {
    const { handle } = replica;
    if (handle < this.#healthy.length) this.#again.add(handle);
    this.#healthy[handle] = replica;
    this.#count++;
    this.balancers.forEach((balancer, n) => {
      if (!this.#ejected[n].has(handle)) balancer.joined(replica, now);
    });
  }

  /** A replica is not to be picked any more. */
  leave(handle: number, now: number): void {
    if (!this.has(handle)) return;
    this.#healthy[handle] = undefined;
    this.#again.delete(handle);
    this.#count--;
    this.balancers.forEach((balancer, n) => {
      if (!this.#ejected[n].has(handle)) balancer.left(handle, now);
    });
  }

  /** One balancer ejects a replica, if no more than `share` of them, but one at least, are ejected then. */
  eject(n: number, handle: number, share: number, now: number): boolean {
    const replica = this.#healthy[handle];
    const ejected = this.#ejected[n];
    if (!replica || ejected.has(handle)) return false;
    if (ejected.size + 1 > Math.max(1, share * this.#count)) return false;
    ejected.set(handle, replica);
    this.balancers[n].left(handle, now);
    return true;
  }

  /** The end of an ejection. */
  admit(n: number, handle: number, now: number): void {
    const replica = this.#ejected[n].get(handle);
    this.#ejected[n].delete(handle);
    if (replica && this.has(handle)) this.balancers[n].joined(replica, now);
  }

  /**
   * A replica that was not tried, for a retry: the next in the key's order where the policy places keys; else other
   * picks, and if they insist, the members in turn. When all were tried, whom the balancer picks.
   */
  other(n: number, request: Request, tried: readonly number[], now: number): number {
    const { balancer, placement } = this.#seats[n];
    const fresh = (handle: number): boolean => !tried.includes(handle);
    if (placement) {
      const found = this.#nextInOrder(n, request.key, tried);
      return found === NONE ? balancer.pick(request, now) : found;
    }
    let picked = NONE;
    for (let i = 0; i < PICKS; i++) {
      picked = balancer.pick(request, now);
      if (picked === NONE || fresh(picked)) return picked;
    }
    const others = this.#inOrder().filter((handle) => fresh(handle) && !this.#ejected[n].has(handle));
    return others.length === 0 ? picked : others[this.#turn++ % others.length];
  }

  /** Handles of healthy replicas in order of joining. */
  #inOrder(): number[] {
    const all = this.#healthy.flatMap((replica) => (replica === undefined ? [] : replica.handle));
    return [...all.filter((handle) => !this.#again.has(handle)), ...this.#again];
  }

  #nextInOrder(n: number, key: Key, tried: readonly number[]): number {
    const order = this.#seats[n].placement?.locateAll(key, tried.length + 1) ?? [];
    return order.find((handle) => !tried.includes(handle)) ?? NONE;
  }
}
