/** The model of a replica, whatever its discipline: alive or not, reachable or not, and how fast it works just now. */
import type { Replica } from '../core/types.ts';
import type { Kernel, Kind } from './kernel.ts';
import type { Tries } from './tries.ts';

/** What became of a try that was offered. */
export type Offer = 'serve' | 'wait' | 'full';

/** What all servers of a run share. */
export interface Floor {
  readonly kernel: Kernel;
  readonly tries: Tries;
  /** The kind of event that ends a service: a try and its plan. */
  readonly departure: Kind;
  readonly workers: number;
  /** Tries that may wait. */
  readonly room: number;
}

/** What nearly all servers have of what few have: with 100,000 of them a list each would be most of the memory. */
const NOTHING: readonly number[] = [];

/** State of one replica. Who calls it says what time it is; departures it schedules itself. */
export abstract class Server {
  alive = true;
  /** False while a partition keeps the balancers from it. */
  reachable = true;
  /** True when it was taken out for good and only finishes what it has. */
  retired = false;
  /** Counts starts, so that what was planned for a former life is void. */
  life = 0;
  /** Tries waiting or in service, those included that nobody waits for. */
  inFlight = 0;
  readonly replica: Replica;
  /** Work in ms that a worker does in a ms; 0 while it hangs. */
  protected rate: number;
  readonly #speed: number;
  #slownesses: readonly number[] = NOTHING;
  /** Tries and answers that a partition holds up; a list only where one does. */
  #held: number[] | undefined = undefined;
  #warmth = 1;
  #halts = 0;

  constructor(replica: Replica, speed: number) {
    this.replica = replica;
    this.#speed = speed;
    this.rate = speed;
  }

  get hangs(): boolean {
    return this.#halts > 0;
  }

  /** Whether it would answer a heartbeat. */
  get answers(): boolean {
    return this.alive && this.reachable && this.#halts === 0;
  }

  /** Keeps a try or an answer that a partition holds up. */
  hold(row: number): void {
    (this.#held ??= []).push(row);
  }

  /** Gives what a partition has held up, in order. */
  release(): readonly number[] {
    const held = this.#held ?? NOTHING;
    this.#held = undefined;
    return held;
  }

  /** Stops all work until as many `resume`. */
  halt(now: number): void {
    this.#halts++;
    this.#adjust(now);
  }

  resume(now: number): void {
    this.#halts--;
    this.#adjust(now);
  }

  /** Makes it slower by a factor, beside what slows it already. */
  slow(factor: number, now: number): void {
    this.#slownesses = [...this.#slownesses, factor];
    this.#adjust(now);
  }

  quicken(factor: number, now: number): void {
    const at = this.#slownesses.indexOf(factor);
    this.#slownesses = this.#slownesses.filter((_, i) => i !== at);
    this.#adjust(now);
  }

  /** Sets the part of its speed that it has warmed up to. */
  warm(part: number, now: number): void {
    this.#warmth = part;
    this.#adjust(now);
  }

  /** Takes the try into service or into the queue, or turns it away. */
  abstract offer(row: number, workMs: number, now: number): Offer;
  /** Ends the service of a try that departs as planned. */
  abstract complete(row: number, now: number): void;
  /** Lets go of a try that waits or is in service. */
  abstract withdraw(row: number, now: number): void;
  /** Empties itself; gives what was in service, then what waited, oldest first. */
  abstract fail(now: number): number[];
  /** Time that its workers have been busy with what is in service now, and was not recorded yet. */
  abstract busyMs(now: number): number;
  /** Goes on at another rate, from now. */
  protected abstract change(rate: number, now: number): void;

  #adjust(now: number): void {
    const slowness = this.#slownesses.reduce((product, factor) => product * factor, 1);
    this.change(this.#halts > 0 ? 0 : (this.#speed * this.#warmth) / slowness, now);
  }
}
