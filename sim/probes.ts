/** What replicas tell balancers beside answers: replies to probes, and that they have nothing to do. */
import { stream } from '../core/random/stream.ts';
import { NONE } from '../core/types.ts';
import type { Balancer, Random } from '../core/types.ts';
import type { Kind } from './kernel.ts';
import { HANDLE, MET, SENT_AT } from './paths.ts';
import type { Paths } from './paths.ts';
import { Recent } from './recent.ts';
import type { Server } from './server.ts';
import type { Stage } from './stage.ts';

/** An answer on its way. */
interface Reply {
  readonly n: number;
  readonly handle: number;
  readonly inFlight: number;
  readonly latencyMs: number;
}

/** Probes and reports take the network's delay each way, as requests do; without a network they come at once. */
export class Probes {
  readonly #stage: Stage;
  readonly #delay: () => number;
  readonly #random: Random;
  /** Numbers of the balancers that want to hear of idle replicas. */
  readonly #listeners: readonly number[];
  readonly #probing: boolean;
  readonly #recent: Recent[] = [];
  readonly #replies = new Map<number, Reply>();
  #count = 0;
  readonly #question: Kind;
  readonly #reply: Kind;
  readonly #report: Kind;

  /** Whether there is anybody to tell. */
  static wanted(balancers: readonly Balancer[]): boolean {
    return balancers.some((balancer) => 'idle' in balancer || 'probe' in balancer);
  }

  constructor(stage: Stage, network: (() => number) | undefined) {
    const { kernel, members, scenario } = stage;
    this.#stage = stage;
    this.#delay = network ?? ((): number => 0);
    this.#random = stream(scenario.seed, 'idle');
    const { balancers } = members;
    this.#listeners = [...balancers.keys()].filter((n) => 'idle' in balancers[n]);
    this.#probing = balancers.some((balancer) => 'probe' in balancer);
    this.#question = kernel.kind((n, handle, now) => {
      this.#answer(n, handle, now);
    });
    this.#reply = kernel.kind((number, _detail, now) => {
      const reply = this.#replies.get(number);
      this.#replies.delete(number);
      if (reply) balancers[reply.n].probed?.(reply.handle, now, reply.inFlight, reply.latencyMs);
    });
    this.#report = kernel.kind((n, handle, now) => {
      if (members.has(handle)) balancers[n].idle?.(handle, now);
    });
  }

  /** Sends the probes that the n-th balancer wants after a pick. */
  ask(n: number, now: number): void {
    const { kernel, members } = this.#stage;
    const balancer = members.balancers[n];
    if (!balancer.probe) return;
    for (let handle; (handle = balancer.probe(now)) !== NONE;)
      kernel.at(now + this.#delay(), this.#question, n, handle);
  }

  /** A try has come to its replica, and found so many others there. */
  arrived(path: number, { ms }: Paths, { inFlight }: Server): void {
    if (this.#probing) ms[path + MET] = inFlight - 1;
  }

  /** A try was served, so its replica knows one more latency, and the load that it met. */
  served(path: number, { ints, ms }: Paths, now: number): void {
    if (!this.#probing) return;
    const recent = (this.#recent[ints[path + HANDLE]] ??= new Recent());
    recent.add(ms[path + MET], now - ms[path + SENT_AT]);
  }

  /** A replica has nothing to do: it tells one of the balancers, drawn at random (Lu et al. 2011, JIQ-Random). */
  idle({ replica }: Server, now: number): void {
    const { kernel } = this.#stage;
    if (this.#listeners.length === 0) return;
    const n = this.#listeners[Math.floor(this.#random() * this.#listeners.length)];
    kernel.at(now + this.#delay(), this.#report, n, replica.handle);
  }

  /** A replica that is dead, hangs or cannot be reached says nothing. */
  #answer(n: number, handle: number, now: number): void {
    const { kernel, servers } = this.#stage;
    const server = servers.at(handle);
    if (!server.answers) return;
    const { inFlight } = server;
    const latencyMs = this.#recent[handle]?.near(inFlight) ?? 0;
    this.#count = (this.#count + 1) % 0x4000_0000;
    this.#replies.set(this.#count, { n, handle, inFlight, latencyMs });
    kernel.at(now + this.#delay(), this.#reply, this.#count, 0);
  }
}
