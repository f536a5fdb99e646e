/** Snapshots become verbs: who left, then who joined, each in order of handle, so that all gateways do the same. */
import { unknownName } from '../../core/input-error.ts';
import type { Logger } from '../log.ts';
import type { Member, Snapshot, WeightsById } from '../types.ts';
import type { Director } from './director.ts';
import { Ejections } from './ejections.ts';
import { byHandle, same } from './members.ts';
import type { EjectionLimits } from './members.ts';
import type { Parking } from './parking.ts';
import type { Standing } from './standing.ts';
import type { Upstreams } from './upstreams.ts';

/** What a membership works with. */
export interface MembershipParts {
  readonly director: Director;
  readonly upstreams: Upstreams;
  readonly standing: Standing;
  readonly parking: Parking;
  readonly limits: EjectionLimits;
  readonly weightsById?: WeightsById;
  readonly log: Logger;
}

/** The fleet as this gateway knows it. */
export class Membership {
  readonly #director: Director;
  readonly #upstreams: Upstreams;
  readonly #log: Logger;
  readonly #standing: Standing;
  readonly #joined: () => void;
  readonly #names: (string | undefined)[] = [];
  readonly #known = new Map<number, Member>();
  readonly #ejected = new Ejections();
  /** Weights that were turned here, by id. */
  readonly #weights: Map<number, number>;
  readonly #lostIds = new Set<number>();
  readonly #waiting = new Set<() => void>();
  limits: EjectionLimits;
  #version = -1;
  #wanted = 0;
  #standbys = 0;
  #restarts = 0;

  constructor({ director, upstreams, log, standing, limits, parking, weightsById = {} }: MembershipParts) {
    this.#director = director;
    this.#upstreams = upstreams;
    this.#log = log;
    this.#standing = standing;
    this.limits = limits;
    this.#weights = new Map(Object.entries(weightsById).map(([id, weight]) => [Number(id), weight]));
    this.#joined = () => {
      parking.look();
    };
  }

  get wanted(): number {
    return this.#wanted;
  }

  /** Whether none will come; before the first snapshot nobody knows. */
  get wantsNone(): boolean {
    return this.#version >= 0 && this.#wanted === 0;
  }

  /** Replicas that wait to take the place of one that dies. */
  get standbys(): number {
    return this.#standbys;
  }

  /** Replicas that are out because of what this gateway saw of them. */
  get ejected(): number {
    return this.#ejected.size;
  }

  /** Names and handles of the members, the ejected included. */
  get known(): Iterable<Member> {
    return this.#known.values();
  }

  /** Replacements seen: joinings under the id of a replica that vanished without draining. */
  get restarts(): number {
    return this.#restarts;
  }

  /** All weights that were turned. */
  get weightsById(): WeightsById {
    return Object.fromEntries(this.#weights);
  }

  get version(): number {
    return this.#version;
  }

  /** The name of a member, also of one that has left. */
  nameOf(handle: number): string {
    return this.#names[handle] ?? 'none';
  }

  /** Takes a snapshot over; one that is not newer changes nothing. */
  apply(snapshot: Snapshot): void {
    if (snapshot.version <= this.#version) return;
    this.#version = snapshot.version;
    this.#wanted = snapshot.wanted;
    this.#standbys = snapshot.standbys ?? 0;
    const next = new Map(snapshot.members.map((member) => [member.handle, member]));
    for (const member of byHandle(this.#known.values())) {
      const then = next.get(member.handle);
      if (then === undefined || !same(member, then)) this.#forget(member);
      else if (then.state !== 'ready') this.#director.leave(member.handle);
    }
    for (const member of byHandle(next.values())) this.#learn(member);
    this.#panic();
    for (const check of this.#waiting) check();
  }

  /**
   * Takes a replica out for a while. Most of them stay in whatever happens: when many seem to fail, the fault is more likely
   * on this side, and the rest could not carry the load (Envoy's max_ejection_percent and panic threshold). Where as many as may
   * be are out, the one that was ejected first makes room, and is on trial again: what it did then is known less well than
   * what this one does now.
   * @returns whether it is out now
   */
  eject(handle: number, forMs: number, reason: string): boolean {
    const ready = this.#ready();
    const most = Math.max(1, Math.floor(ready * this.limits.maxEjected));
    if (!this.#director.has(handle) || this.#director.size < 2) return false;
    if (this.#ejected.size >= most) this.#readmit(this.#ejected.longest(this.#standing.options.ejectMs));
    if (this.#ejected.size >= most) return false;
    this.#director.leave(handle);
    this.#standing.ejected(handle, forMs);
    this.#ejected.begin(handle, forMs, this.#readmit.bind(this));
    this.#log.warn({ replica: this.nameOf(handle), reason, forMs }, 'replica ejected');
    this.#panic();
    return this.#ejected.has(handle);
  }

  /** Whether nobody is left who was not tried. */
  allTried(tried: readonly number[]): boolean {
    return [...this.#director.members].every(({ handle }) => tried.includes(handle));
  }

  /** Resolves when a snapshot of this version is in force, or after a time that nobody minds waiting. */
  async reached(version: number, withinMs: number): Promise<void> {
    if (this.#version >= version) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve();
      };
      const check = (): void => {
        if (this.#version >= version) end();
      };
      const timer = setTimeout(end, withinMs);
      this.#waiting.add(check);
    });
  }

  close(): void {
    this.#ejected.close();
  }

  #forget(member: Member): void {
    const { handle, id, name, state } = member;
    this.#ejected.end(handle);
    this.#standing.left(handle);
    this.#director.leave(handle);
    this.#known.delete(handle);
    if (state !== 'draining') this.#lostIds.add(id);
    this.#upstreams.cut(handle);
    this.#log.info({ replica: name, handle, was: state }, 'replica left');
  }

  #learn(member: Member): void {
    const { handle, name, id } = member;
    if (!this.#known.has(handle)) {
      this.#upstreams.open(member);
      this.#standing.joined(handle, this.#director.size === 0);
      if (this.#lostIds.delete(id)) this.#restarts++;
    }
    this.#known.set(handle, member);
    this.#names[handle] = name;
    if (member.state !== 'ready' || this.#director.has(handle) || this.#ejected.has(handle)) return;
    this.#join(member);
  }

  /** @throws InputError for a name that no member has */
  checkNames(names: readonly string[]): void {
    const there = [...this.#known.values()].map(({ name }) => name);
    for (const name of names) if (!there.includes(name)) throw unknownName('replica', name, there);
  }

  /** Gives a replica, and whoever takes its place later, another weight; its requests under way go on. */
  reweigh(name: string, weight: number): void {
    const named = [...this.#known.values()].filter((member) => member.name === name);
    this.reweighById(Object.fromEntries(named.map(({ id }) => [id, weight])));
  }

  /** Takes weights over; those that stay as they are disturb nobody. */
  reweighById(weights: WeightsById): void {
    for (const [id, weight] of Object.entries(weights)) {
      if (this.#weights.get(Number(id)) === weight) continue;
      this.#weights.set(Number(id), weight);
      for (const member of this.#known.values()) if (member.id === Number(id)) this.#rejoin(member);
    }
  }

  #rejoin(member: Member): void {
    if (!this.#director.has(member.handle)) return;
    this.#director.leave(member.handle);
    this.#join(member);
  }

  #join({ handle, id, name, weight: given }: Member): void {
    const weight = this.#weights.get(id) ?? given;
    try {
      this.#director.join({ handle, id, name, weight });
      this.#log.info({ replica: name, handle, id }, 'replica joined');
    } catch (error) {
      this.#log.error({ replica: name, err: error }, 'replica has no place in the balancer');
    }
    queueMicrotask(this.#joined); // whoever joins by the same snapshot is there then
  }

  /** An ejection is over: the replica is on trial. */
  #readmit(handle: number): void {
    this.#ejected.end(handle);
    const member = this.#known.get(handle);
    if (member?.state !== 'ready' || this.#director.has(handle)) return;
    this.#standing.readmitted(handle);
    this.#join(member);
  }

  /** Ends all ejections when too few are left without the ejected. */
  #panic(): void {
    if (this.#ejected.size === 0) return;
    const { size } = this.#director;
    if (size > 0 && size / this.#ready() >= this.limits.panic) return;
    this.#log.warn(
      { present: size, ejected: this.#ejected.size },
      'too few are left, so the ejected take part',
    );
    for (const handle of this.#ejected.handles) {
      this.#readmit(handle);
      this.#standing.pardoned(handle);
    }
  }

  #ready(): number {
    return [...this.#known.values()].filter(({ state }) => state === 'ready').length;
  }
}
