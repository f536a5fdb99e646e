/** Snapshots become verbs: who left, then who joined, each in order of handle, so that all gateways do the same. */
import type { Logger } from '../log.ts';
import type { Member, Snapshot } from '../types.ts';
import type { Director } from './director.ts';
import type { Upstreams } from './upstreams.ts';

/** How long an ejection lasts when no snapshot ends it. */
const EJECTION_MS = 1000;

/** The fleet as this gateway knows it. */
export class Membership {
  readonly #director: Director;
  readonly #upstreams: Upstreams;
  readonly #log: Logger;
  readonly #names: (string | undefined)[] = [];
  readonly #known = new Map<number, Member>();
  readonly #ejected = new Map<number, NodeJS.Timeout>();
  readonly #lostIds = new Set<number>();
  readonly #waiting = new Set<() => void>();
  #version = -1;
  #wanted = 0;
  #restarts = 0;

  constructor(director: Director, upstreams: Upstreams, log: Logger) {
    this.#director = director;
    this.#upstreams = upstreams;
    this.#log = log;
  }

  get wanted(): number {
    return this.#wanted;
  }

  /** Replacements seen: joinings under the id of a replica that vanished without draining. */
  get restarts(): number {
    return this.#restarts;
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
    const next = new Map(snapshot.members.map((member) => [member.handle, member]));
    for (const member of byHandle(this.#known.values())) {
      const then = next.get(member.handle);
      if (then === undefined || !same(member, then)) this.#forget(member);
      else if (then.state !== 'ready') this.#director.leave(member.handle);
    }
    for (const member of byHandle(next.values())) this.#learn(member);
    for (const check of this.#waiting) check();
  }

  /**
   * Takes a replica out until the next snapshot. Half of them stay in whatever happens: when most seem to fail, the
   * fault is more likely on this side, and the rest could not carry the load (Envoy's panic threshold).
   */
  eject(handle: number, reason: string): void {
    const ready = [...this.#known.values()].filter(({ state }) => state === 'ready').length;
    if (!this.#director.has(handle) || this.#director.size - 1 < ready / 2) return;
    this.#director.leave(handle);
    const readmit = (): void => {
      const member = this.#known.get(handle);
      if (member) this.#learn(member);
    };
    this.#ejected.set(handle, setTimeout(readmit, EJECTION_MS).unref());
    this.#log.warn({ replica: this.nameOf(handle), reason }, 'replica ejected');
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
    for (const timer of this.#ejected.values()) clearTimeout(timer);
  }

  #forget(member: Member): void {
    const { handle, id, name, state } = member;
    this.#readmitted(handle);
    this.#director.leave(handle);
    this.#known.delete(handle);
    if (state !== 'draining') this.#lostIds.add(id);
    this.#upstreams.cut(handle);
    this.#log.info({ replica: name, handle, was: state }, 'replica left');
  }

  #learn(member: Member): void {
    const { handle, name, id } = member;
    this.#readmitted(handle);
    if (!this.#known.has(handle)) {
      this.#upstreams.open(member);
      if (this.#lostIds.delete(id)) this.#restarts++;
    }
    this.#known.set(handle, member);
    this.#names[handle] = name;
    if (member.state !== 'ready' || this.#director.has(handle)) return;
    try {
      this.#director.join({ handle, id, name, weight: member.weight });
      this.#log.info({ replica: name, handle, id }, 'replica joined');
    } catch (error) {
      this.#log.error({ replica: name, err: error }, 'replica has no place in the balancer');
    }
  }

  #readmitted(handle: number): void {
    clearTimeout(this.#ejected.get(handle));
    this.#ejected.delete(handle);
  }
}

function byHandle(members: Iterable<Member>): Member[] {
  return [...members].sort((a, b) => a.handle - b.handle);
}

/** Whether two members are one replica at one address; its state may differ. */
function same(a: Member, b: Member): boolean {
  return (
    a.name === b.name && a.id === b.id && a.weight === b.weight && a.host === b.host && a.port === b.port
  );
}
