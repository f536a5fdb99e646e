/** Replicas come and go: they start, warm up, are replaced by others of the same id, or are taken out for good. */
import { dealt } from '../core/load.ts';
import type { Replica } from '../core/types.ts';
import type { Kind } from './kernel.ts';
import { Server } from './server.ts';
import type { Stage } from './stage.ts';
import type { Carrier } from './carrier.ts';

/** A warm-up is a rise in so many equal steps. */
const STEPS = 20;

/** Told of each server that starts, so that its next failure can be planned. */
export type Started = (server: Server, now: number) => void;

/** The replicas of one run. */
export class Fleet {
  readonly #stage: Stage;
  readonly #carrier: Carrier;
  readonly #starting = new Set<number>();
  /** By place in the fleet. */
  readonly #weightOf: (place: number) => number;
  readonly #speedOf: (place: number) => number;
  readonly #start: Kind;
  readonly #warm: Kind;
  #started: Started | undefined = undefined;

  constructor(stage: Stage, carrier: Carrier) {
    const { kernel, scenario: s, servers } = stage;
    this.#stage = stage;
    this.#weightOf = dealt(s.weights);
    this.#speedOf = dealt(s.speeds);
    this.#carrier = carrier;
    servers.make = (replica) =>
      new Server(replica, this.#speedOf(replica.id - s.firstId), carrier.discipline);
    this.#start = kernel.kind((id, _detail, now) => {
      this.#starting.delete(id);
      const server = servers.at(this.join(id, now));
      stage.recorder.event('joined', server.replica, now);
      this.#warmUp(server, now);
    });
    this.#warm = kernel.kind((handle, step, now) => {
      this.#heat(servers.at(handle), step, now);
    });
  }

  set onStart(started: Started) {
    this.#started = started;
  }

  /** Replicas that are on their way. */
  get starting(): number {
    return this.#starting.size;
  }

  /** A replica of that id joins the fleet and the balancers; returns its handle. */
  join(id: number, now: number): number {
    const { members, recorder, scenario, servers } = this.#stage;
    const handle = servers.count;
    const place = id - scenario.firstId;
    const replica: Replica = { handle, id, name: `S${handle + 1}`, weight: this.#weightOf(place) };
    this.#carrier.discipline.join(handle, this.#speedOf(place));
    members.join(replica, now);
    servers.join(replica);
    recorder.joined(replica, now);
    this.#started?.(servers.at(handle), now);
    this.#carrier.probes?.idle(servers.at(handle), now);
    return handle;
  }

  /** Takes a replica out for good; a new one takes its id, and so its virtual servers, after the start time. */
  replace(server: Server, now: number): void {
    server.retired = true;
    if (server.alive) this.#carrier.lose(server, now);
    this.order(server.replica.id, now);
  }

  /** Starts a replica of that id. */
  order(id: number, now: number): void {
    const { kernel, scenario } = this.#stage;
    this.#starting.add(id);
    kernel.at(now + scenario.start, this.#start, id, 0);
  }

  /** The smallest id that is free. */
  freeId(): number {
    const { scenario, servers } = this.#stage;
    const taken = new Set(
      servers
        .all()
        .filter(({ retired }) => !retired)
        .map(({ replica }) => replica.id),
    );
    let id = scenario.firstId;
    while (taken.has(id) || this.#starting.has(id)) id++;
    return id;
  }

  /** Takes a replica out that serves what it has to its end. */
  drain(server: Server, now: number): void {
    const { members, recorder } = this.#stage;
    server.retired = true;
    members.leave(server.replica.handle, now);
    recorder.event('left', server.replica, now);
  }

  /** A replica that was repaired works again, empty and cold. */
  revive(server: Server, now: number): void {
    server.alive = true;
    this.#stage.recorder.event('repaired', server.replica, now);
    this.#warmUp(server, now);
    this.#started?.(server, now);
  }

  #warmUp(server: Server, now: number): void {
    if (this.#stage.scenario.ramp > 0) this.#heat(server, 0, now);
  }

  #heat(server: Server, step: number, now: number): void {
    const { kernel, scenario } = this.#stage;
    server.warm(scenario.rampFrom + ((1 - scenario.rampFrom) * step) / STEPS, now);
    if (step < STEPS) kernel.at(now + scenario.ramp / STEPS, this.#warm, server.replica.handle, step + 1);
  }
}
