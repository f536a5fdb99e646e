/** What goes wrong with replicas: failures at given or random times, slowness, pauses and partitions. */
import { InputError } from '../core/input-error.ts';
import { failuresOf, spansOf } from '../core/knob.ts';
import type { Span } from '../core/knob.ts';
import { stream } from '../core/random/stream.ts';
import { samplerOf } from '../core/resolve.ts';
import type { Tables } from '../core/tables.ts';
import type { Random, Sampler } from '../core/types.ts';
import type { Fleet } from './fleet.ts';
import type { Health } from './health.ts';
import type { Kind } from './kernel.ts';
import type { Server } from './server.ts';
import type { Stage } from './stage.ts';
import type { Carrier } from './carrier.ts';

/** What a run's faults act on. */
export interface Victims {
  readonly stage: Stage;
  readonly carrier: Carrier;
  readonly fleet: Fleet;
  readonly health: Health;
}

/** Schedules all that the scenario wants to go wrong. */
export function scheduleFaults(victims: Victims, tables: Tables): void {
  const { slowAt, pauseAt, partitionAt } = victims.stage.scenario;
  const breakdowns = new Breakdowns(victims, tables);
  breakdowns.schedule();
  scheduleSpans(victims, 'slow-at', slowAt, (server, { factor }, now) => {
    server.slow(factor, now);
    victims.stage.recorder.event('slow', server.replica, now);
    return (later) => {
      server.quicken(factor, later);
      victims.stage.recorder.event('quick again', server.replica, later);
    };
  });
  scheduleSpans(victims, 'pause-at', pauseAt, (server, _span, now) => {
    hang(victims, server, now);
    return (later) => {
      goOn(victims, server, later);
    };
  });
  scheduleSpans(victims, 'partition-at', partitionAt, (server, _span, now) => {
    const { health, stage, carrier } = victims;
    server.reachable = false;
    stage.recorder.event('cut off', server.replica, now);
    health.silent(server.replica.handle, false, now);
    return (later) => {
      stage.recorder.event('reachable', server.replica, later);
      carrier.release(server);
      health.answers(server.replica.handle, later);
    };
  });
}

function hang({ health, stage }: Victims, server: Server, now: number): void {
  server.halt(now);
  stage.recorder.event('hung', server.replica, now);
  health.silent(server.replica.handle, false, now);
}

function goOn({ health, stage }: Victims, server: Server, now: number): void {
  server.resume(now);
  stage.recorder.event('resumed', server.replica, now);
  health.answers(server.replica.handle, now);
}

/** What begins with a span, and gives what ends with it. */
type Begin = (server: Server, span: Span, now: number) => (now: number) => void;

function scheduleSpans({ stage }: Victims, flag: string, text: string, begin: Begin): void {
  const { kernel, servers } = stage;
  const spans = spansOf(text);
  const ends: ((now: number) => void)[] = [];
  const ending = kernel.kind((index, _detail, now) => {
    ends[index](now);
  });
  const beginning = kernel.kind((index, _detail, now) => {
    const span = spans[index];
    const server = servers.all().find(({ replica }) => replica.name === span.replica);
    if (!server) throw noSuch(flag, span.replica, now, servers.all());
    ends[index] = begin(server, span, now);
    kernel.at(now + span.forMs, ending, index, 0);
  });
  spans.forEach(({ atMs }, index) => {
    kernel.at(atMs, beginning, index, 0);
  });
}

function noSuch(flag: string, name: string, now: number, ran: readonly Server[]): InputError {
  const names = ran.map(({ replica }) => replica.name).join(', ') || 'no replica';
  return new InputError(`--${flag} names ${name} at ${now} ms, when ${names} ran.`);
}

/** Failures: at the given times, and after random times of work. A repair or, without one, a replacement follows. */
class Breakdowns {
  readonly #victims: Victims;
  readonly #random: Random;
  readonly #between: Sampler | undefined;
  readonly #repair: Sampler | undefined;
  readonly #failure: Kind;
  readonly #repaired: Kind;

  constructor(victims: Victims, tables: Tables) {
    const { kernel, scenario, servers } = victims.stage;
    this.#victims = victims;
    this.#random = stream(scenario.seed, 'failures');
    this.#between = samplerOf(scenario.mtbf, tables);
    this.#repair = samplerOf(scenario.mttr, tables);
    this.#failure = kernel.kind((handle, life, now) => {
      const server = servers.at(handle);
      if (server.life === life && server.alive && !server.retired) this.#fail(server, now);
    });
    this.#repaired = kernel.kind((handle, _detail, now) => {
      this.#mend(servers.at(handle), now);
    });
  }

  schedule(): void {
    const { fleet, stage } = this.#victims;
    const { autoscale, failAt, silent } = stage.scenario;
    const failures = failuresOf(failAt);
    // Who is there by then is a matter of chance, so that nobody could have named another.
    const changing = this.#between !== undefined || autoscale !== 'none' || silent === 'replace';
    const given = stage.kernel.kind((index, _detail, now) => {
      const { servers } = stage;
      const alive = servers.all().filter((server) => server.alive && !server.retired);
      const server = alive.find(({ replica }) => replica.name === failures[index].replica);
      if (server) this.#fail(server, now);
      else if (!changing) throw noSuch('fail-at', failures[index].replica, now, alive);
    });
    failures.forEach(({ atMs }, index) => {
      stage.kernel.at(atMs, given, index, 0);
    });
    if (this.#between === undefined) return;
    fleet.onStart = (server, now) => {
      this.#plan(server, now);
    };
  }

  /** The time to the next failure runs whether or not there is work. */
  #plan(server: Server, now: number): void {
    if (!this.#between) return;
    const life = ++server.life;
    this.#victims.stage.kernel.at(
      now + this.#between(this.#random),
      this.#failure,
      server.replica.handle,
      life,
    );
  }

  #fail(server: Server, now: number): void {
    const { health, stage, carrier } = this.#victims;
    const { kernel, recorder, scenario } = stage;
    server.life++;
    if (this.#repair) kernel.at(now + this.#repair(this.#random), this.#repaired, server.replica.handle, 0);
    if (scenario.breakdown === 'resume') {
      hang(this.#victims, server, now);
      return;
    }
    recorder.event('failed', server.replica, now);
    carrier.lose(server, now);
    health.silent(server.replica.handle, true, now);
  }

  #mend(server: Server, now: number): void {
    const { fleet, health, stage } = this.#victims;
    if (stage.scenario.breakdown === 'resume') {
      goOn(this.#victims, server, now); // also one that is being drained: it has work to finish
      if (!server.retired) this.#plan(server, now);
      return;
    }
    if (server.retired) return;
    fleet.revive(server, now);
    health.answers(server.replica.handle, now);
  }
}
