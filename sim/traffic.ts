/** Requests on their way: they arrive, are picked for, wait, are served, and end in one of the outcomes. */
import { stream } from '../core/random/stream.ts';
import { workloadOf } from '../core/resolve.ts';
import type { Workload } from '../core/resolve.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Tables } from '../core/tables.ts';
import { NONE } from '../core/types.ts';
import type { Balancer, Outcome, Random, Request } from '../core/types.ts';
import type { Kernel, Kind } from './kernel.ts';
import type { Recorder } from './recorder.ts';
import { Requests } from './requests.ts';
import type { Server } from './server.ts';

/** What the parts of a run share. */
export interface Stage {
  readonly scenario: Scenario;
  readonly kernel: Kernel;
  readonly balancer: Balancer;
  readonly recorder: Recorder;
  /** By handle; the dead stay, since handles are never reused. */
  readonly servers: Server[];
}

/** The flow of requests through one run. */
export class Traffic {
  sent = 0;
  done = 0;
  readonly requests = new Requests();

  readonly #stage: Stage;
  readonly #workload: Workload;
  readonly #random: Readonly<Record<'arrivals' | 'keys' | 'service', Random>>;
  readonly #request: Request = { key: 0 };
  readonly #arrival: Kind;
  readonly #departure: Kind;
  readonly #rejection: Kind;
  readonly #refusal: Kind;
  readonly #retry: Kind;

  constructor(stage: Stage, tables: Tables) {
    const { kernel, scenario } = stage;
    this.#stage = stage;
    this.#workload = workloadOf(scenario, tables);
    this.#random = {
      arrivals: stream(scenario.seed, 'arrivals'),
      keys: stream(scenario.seed, 'keys'),
      service: stream(scenario.seed, 'service'),
    };
    this.#arrival = kernel.kind((_subject, _detail, now) => {
      this.#arrive(now);
    });
    this.#departure = kernel.kind((handle, request, now) => {
      this.#depart(stage.servers[handle], request, now);
    });
    this.#rejection = kernel.kind((handle, request, now) => {
      this.#fail(handle, request, 'rejected', now);
    });
    this.#refusal = kernel.kind((handle, request, now) => {
      this.#fail(handle, request, 'refused', now);
    });
    this.#retry = kernel.kind((_subject, _detail, now) => {
      this.#clientIsFree(now);
    });
  }

  /** Schedules the first arrivals: one after a first gap, or all clients at once. */
  open(): void {
    const { arrivals } = this.#workload;
    const { kernel } = this.#stage;
    if (arrivals.kind === 'open') {
      const { arrivals: random } = this.#random;
      kernel.source(arrivals.gapMs(random), (now) => {
        this.#arrive(now);
        return this.sent === this.#stage.scenario.requests ? Infinity : now + arrivals.gapMs(random);
      });
    } else for (let client = 0; client < arrivals.clients; client++) kernel.at(0, this.#arrival);
  }

  /** Ends everything that was at a replica when it failed; work half done kept a worker busy all the same. */
  lose(server: Server, now: number): void {
    const { handle } = server.replica;
    const { serving, waiting } = server.fail();
    for (const request of serving)
      this.#fail(handle, request, 'lost', now, now - this.requests.startedMs[request]);
    for (const request of waiting) this.#fail(handle, request, 'lost', now);
  }

  /** Every arrival draws its gap, key and service time in turn, whatever the policy: common random numbers. */
  #arrive(now: number): void {
    const { balancer, scenario } = this.#stage;
    if (this.sent === scenario.requests) return;
    this.sent++;
    const { key, serviceMs } = this.#workload;
    this.#request.key = key(this.#random.keys);
    const needsMs = serviceMs(this.#random.service);
    const handle = balancer.pick(this.#request, now);
    if (handle === NONE) this.#unroutable(now);
    else this.#send(handle, this.requests.take(this.sent - 1, now, needsMs), now);
  }

  #unroutable(now: number): void {
    const { kernel, recorder, scenario } = this.#stage;
    recorder.unroutable(this.sent - 1, now);
    this.done++;
    kernel.at(now + scenario.refuse, this.#retry);
  }

  #send(handle: number, request: number, now: number): void {
    const { balancer, kernel, recorder, scenario, servers } = this.#stage;
    const server = servers[handle];
    recorder.picked(handle, now);
    balancer.started(handle, now);
    if (!server.alive) {
      kernel.at(now + scenario.refuse, this.#refusal, handle, request);
      return;
    }
    const offer = server.offer(request);
    if (offer === 'serve') this.#serve(server, request, now);
    else if (offer === 'full') kernel.at(now + scenario.refuse, this.#rejection, handle, request);
  }

  #serve({ replica }: Server, request: number, now: number): void {
    this.requests.startedMs[request] = now;
    this.#stage.kernel.at(now + this.requests.serviceMs[request], this.#departure, replica.handle, request);
  }

  /** A departure from a replica that has failed meanwhile is void: its requests were lost then. */
  #depart(server: Server, request: number, now: number): void {
    if (!server.alive) return;
    const { handle } = server.replica;
    const { arrivedMs, order, serviceMs, startedMs } = this.requests;
    const waitMs = startedMs[request] - arrivedMs[request];
    this.#stage.recorder.served(handle, order[request], arrivedMs[request], waitMs, serviceMs[request], now);
    const next = server.finish(request);
    if (next !== NONE) this.#serve(server, next, now);
    this.#end(handle, request, 'ok', now);
  }

  #fail(handle: number, request: number, outcome: Exclude<Outcome, 'ok'>, now: number, busyMs = 0): void {
    const { arrivedMs, order } = this.requests;
    this.#stage.recorder.failed(handle, outcome, order[request], arrivedMs[request], busyMs, now);
    this.#end(handle, request, outcome, now);
  }

  #end(handle: number, request: number, outcome: Outcome, now: number): void {
    this.#stage.balancer.finished(handle, now, outcome, now - this.requests.arrivedMs[request]);
    this.requests.release(request);
    this.done++;
    this.#clientIsFree(now);
  }

  /** In a closed loop a client that has its answer thinks, then sends again. */
  #clientIsFree(now: number): void {
    const { arrivals } = this.#workload;
    if (arrivals.kind === 'closed')
      this.#stage.kernel.at(now + arrivals.thinkMs(this.#random.arrivals), this.#arrival);
  }
}
