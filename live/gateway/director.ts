/** The core Balancer through the life of a gateway: members come and go, one is ejected, the policy is swapped. */
import { seatOf } from '../../core/resolve.ts';
import type { Seat } from '../../core/resolve.ts';
import type { Scenario } from '../../core/scenario.ts';
import { tables as labTables } from '../../core/tables.ts';
import type { Tables } from '../../core/tables.ts';
import { NONE } from '../../core/types.ts';
import type { Balancer, Key, Outcome, Placement, Replica } from '../../core/types.ts';
import { refuseUntold } from './able.ts';
import { recorded } from '../replay/recorded.ts';
import type { Record } from '../replay/events.ts';
import { nextAfter } from '../replay/next-after.ts';

/** A request under way: the replica it went to, and the balancer that must hear of its end. */
export interface Ticket {
  readonly handle: number;
  readonly balancer: Balancer;
  readonly startedMs: number;
}

/** What a director works with. */
export interface DirectorOptions {
  readonly scenario: Scenario;
  /** Time in ms since the start; what it gives is what the balancer and the recording get. */
  readonly clock: () => number;
  readonly record?: Record | undefined;
  readonly tables?: Tables;
}

/** Owns the balancer in force. Every call to it goes through here, in order, and is recorded when asked. */
export class Director {
  readonly #options: DirectorOptions;
  readonly #tables: Tables;
  readonly #request: { key: Key } = { key: 0 };
  #members = new Map<number, Replica>();
  #scenario: Scenario;
  #seat: Seat;
  #epoch = 0;

  /** @throws InputError when the scenario names what there is not */
  constructor(options: DirectorOptions) {
    this.#options = options;
    this.#tables = options.tables ?? labTables;
    this.#scenario = options.scenario;
    this.#seat = this.#record(this.#build(options.scenario), 0);
  }

  /** What is in force. */
  get scenario(): Scenario {
    return this.#scenario;
  }

  /** The replicas that can be picked, in order of joining. */
  get members(): Iterable<Replica> {
    return this.#members.values();
  }

  get size(): number {
    return this.#members.size;
  }

  /** The placement in force, or null where the policy uses none. */
  get placement(): Placement | null {
    return this.#seat.placement;
  }

  has(handle: number): boolean {
    return this.#members.has(handle);
  }

  /** The replica for this key, or NONE. */
  pick(key: Key): number {
    this.#request.key = key;
    return this.#seat.balancer.pick(this.#request, this.#options.clock());
  }

  /**
   * A replica that was not tried yet: the next in the key's fallback order, or another pick where there is no such order.
   */
  pickOther(key: Key, tried: readonly number[]): number {
    const picked = this.#seat.placement ? NONE : this.pick(key);
    const handle = nextAfter(tried, key, this.#seat, picked, this.#members.keys());
    this.#options.record?.(['o', this.#options.clock(), key, [...tried], handle]);
    return handle;
  }

  /** Tells the balancer that a request is on its way. */
  start(handle: number): Ticket {
    const { balancer } = this.#seat;
    const startedMs = this.#options.clock();
    balancer.started(handle, startedMs);
    return { handle, balancer, startedMs };
  }

  /** Tells the balancer that the request was started with, which may be a former one, that it is over. */
  finish({ handle, balancer, startedMs }: Ticket, outcome: Outcome): void {
    const now = this.#options.clock();
    balancer.finished(handle, now, outcome, now - startedMs);
  }

  /** @throws InputError when the balancer has no place for it; it is not a member then */
  join(replica: Replica): void {
    this.#seat.balancer.joined(replica, this.#options.clock());
    this.#members.set(replica.handle, replica);
  }

  leave(handle: number): void {
    if (!this.#members.delete(handle)) return;
    this.#seat.balancer.left(handle, this.#options.clock());
  }

  /**
   * Puts a new balancer in the place of the one in force, with the members of now.
   * @throws InputError when it cannot be built or a member has no place in it; nothing has changed then
   */
  swap(scenario: Scenario): void {
    const now = this.#options.clock();
    const built = this.#build(scenario);
    for (const replica of this.#members.values()) built.balancer.joined(replica, now);
    this.#scenario = scenario;
    this.#seat = this.#record(built, ++this.#epoch);
    this.#options.record?.(['b', now, scenario]);
    for (const { handle, id, name, weight } of this.#members.values()) {
      this.#options.record?.(['j', now, handle, id, name, weight]);
    }
  }

  #build(s: Scenario): Seat {
    refuseUntold(s, this.#tables);
    return seatOf(s, this.#tables);
  }

  #record(seat: Seat, epoch: number): Seat {
    const { record } = this.#options;
    return record ? { ...seat, balancer: recorded(seat.balancer, epoch, record) } : seat;
  }
}
