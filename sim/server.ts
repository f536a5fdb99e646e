/** A replica as faults and health see it: alive or not, reachable or not, and how fast it works just now. */
import type { Replica } from '../core/types.ts';
import type { Discipline } from './discipline.ts';

/** What nearly all servers have of what few have: with 100,000 of them a list each would be most of the memory. */
const NOTHING: readonly number[] = [];

/** State of one replica. Who calls it says what time it is; what it works on is its discipline's to know. */
export class Server {
  /** True when it was taken out for good and only finishes what it has. */
  retired = false;
  /** Counts starts, so that what was planned for a former life is void. */
  life = 0;
  readonly replica: Replica;
  readonly #discipline: Discipline;
  readonly #speed: number;
  #alive = true;
  #reachable = true;
  #slownesses: readonly number[] = NOTHING;
  /** Tries and answers that a partition holds up; a list only where one does. */
  #held: number[] | undefined = undefined;
  #warmth = 1;
  #halts = 0;

  constructor(replica: Replica, speed: number, discipline: Discipline) {
    this.replica = replica;
    this.#speed = speed;
    this.#discipline = discipline;
  }

  get alive(): boolean {
    return this.#alive;
  }

  set alive(yes: boolean) {
    this.#alive = yes;
    this.#discipline.shut(this.replica.handle, !this.#alive || !this.#reachable);
  }

  /** False while a partition keeps the balancers from it. */
  get reachable(): boolean {
    return this.#reachable;
  }

  set reachable(yes: boolean) {
    this.#reachable = yes;
    this.#discipline.shut(this.replica.handle, !this.#alive || !this.#reachable);
  }

  /** Tries waiting or in service, those included that nobody waits for. */
  get inFlight(): number {
    return this.#discipline.inFlight(this.replica.handle);
  }

  /** Whether it would answer a heartbeat. */
  get answers(): boolean {
    return this.#alive && this.#reachable && this.#halts === 0;
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

  /** Time that its workers have been busy with what is in service now, and was not recorded yet. */
  busyMs(now: number): number {
    return this.#discipline.busyMs(this.replica.handle, now);
  }

  #adjust(now: number): void {
    const slowness = this.#slownesses.reduce((product, factor) => product * factor, 1);
    const rate = this.#halts > 0 ? 0 : (this.#speed * this.#warmth) / slowness;
    this.#discipline.change(this.replica.handle, rate, now);
  }
}
