/** What the balancers notice of replicas that fall silent or answer again, when, and what follows. */
import { stream } from '../core/random/stream.ts';
import type { Random } from '../core/types.ts';
import type { Fleet } from './fleet.ts';
import type { Kind } from './kernel.ts';
import type { Stage } from './stage.ts';

/**
 * Without heartbeats a failure is noticed after a fixed time, and silence of a replica that lives is not. With them, a
 * replica whose port is closed is known at the next heartbeat, and one that hangs when so many were missed, the next
 * asked as soon as one has timed out: the rules of the live supervisor. Only heartbeats to replicas in trouble are
 * events, since all others are answered.
 */
export class Health {
  readonly #stage: Stage;
  readonly #fleet: Fleet;
  readonly #random: Random;
  /** When a replica's first heartbeat is due, by handle. */
  readonly #phases: number[] = [];
  /** Counts, by handle, how often a replica answered again: a notice from before is void. */
  readonly #spells: number[] = [];
  readonly #notice: Kind;
  readonly #return: Kind;

  constructor(stage: Stage, fleet: Fleet) {
    const { kernel, scenario } = stage;
    this.#stage = stage;
    this.#fleet = fleet;
    this.#random = stream(scenario.seed, 'heartbeats');
    this.#notice = kernel.kind((handle, spell, now) => {
      if (this.#spell(handle) === spell) this.#noticed(handle, now);
    });
    this.#return = kernel.kind((handle, spell, now) => {
      if (this.#spell(handle) === spell) this.#returned(handle, now);
    });
  }

  /** A replica fell silent: its port is closed, or it only hangs. */
  silent(handle: number, gone: boolean, now: number): void {
    const { kernel, scenario: s } = this.#stage;
    if (s.heartbeat === 0 && !gone) return;
    const due = s.heartbeat === 0 ? now + s.detect : this.#nextBeat(handle, now);
    kernel.at(gone ? due : due + s.misses * s.heartbeatTimeout, this.#notice, handle, this.#spell(handle));
  }

  /** A replica answers again. */
  answers(handle: number, now: number): void {
    const { kernel, members, scenario, servers } = this.#stage;
    if (!servers.at(handle).answers) return;
    const spell = (this.#spells[handle] = this.#spell(handle) + 1);
    if (members.has(handle) || servers.at(handle).retired) return;
    kernel.at(scenario.heartbeat === 0 ? now : this.#nextBeat(handle, now), this.#return, handle, spell);
  }

  #noticed(handle: number, now: number): void {
    const { members, recorder, scenario, servers } = this.#stage;
    const server = servers.at(handle);
    if (server.retired || !members.has(handle)) return;
    members.leave(handle, now);
    recorder.event('detected', server.replica, now);
    const dead = !server.alive && scenario.mttr === 'none';
    if (dead || scenario.silent === 'replace') this.#fleet.replace(server, now);
  }

  #returned(handle: number, now: number): void {
    const { members, recorder, servers } = this.#stage;
    const server = servers.at(handle);
    if (server.retired || members.has(handle)) return;
    members.join(server.replica, now);
    recorder.event('returned', server.replica, now);
  }

  #spell(handle: number): number {
    return this.#spells[handle] ?? 0;
  }

  #nextBeat(handle: number, now: number): number {
    const { heartbeat } = this.#stage.scenario;
    const phase = (this.#phases[handle] ??= this.#random() * heartbeat);
    return phase + heartbeat * Math.max(0, Math.floor((now - phase) / heartbeat) + 1);
  }
}
