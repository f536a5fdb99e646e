/** The model of a replica: c workers that each serve one request at a time, and a bounded queue, first in, first out. */
import type { Replica } from '../core/types.ts';
import { NONE } from '../core/types.ts';
import type { Requests } from './requests.ts';

/** What became of a request that was offered. */
export type Offer = 'serve' | 'wait' | 'full';

/** State of one replica. It knows no time: who calls it schedules the departures. */
export class Server {
  alive = true;
  readonly replica: Replica;
  readonly #requests: Requests;
  readonly #workers: number;
  readonly #room: number;
  readonly #serving: number[] = [];
  #waiting = new Int32Array(8);
  #head = 0;
  #length = 0;

  constructor(replica: Replica, requests: Requests, workers: number, room: number) {
    this.replica = replica;
    this.#requests = requests;
    this.#workers = workers;
    this.#room = room;
  }

  /** Takes the request into service or into the queue, or turns it away. */
  offer(request: number): Offer {
    if (this.#serving.length < this.#workers) {
      this.#serve(request);
      return 'serve';
    }
    if (this.#length >= this.#room) return 'full';
    this.#enqueue(request);
    return 'wait';
  }

  /** Ends a request's service; returns the one whose service begins in its place, or NONE. */
  finish(request: number): number {
    const place = this.#requests.place[request];
    const last = this.#serving.pop() ?? NONE;
    if (last !== request) {
      this.#serving[place] = last;
      this.#requests.place[last] = place;
    }
    if (this.#length === 0) return NONE;
    const next = this.#dequeue();
    this.#serve(next);
    return next;
  }

  /** Dies; returns what was in service, then what waited, oldest first. */
  fail(): { serving: readonly number[]; waiting: readonly number[] } {
    this.alive = false;
    const serving = this.#serving.splice(0);
    const waiting: number[] = [];
    while (this.#length > 0) waiting.push(this.#dequeue());
    return { serving, waiting };
  }

  #serve(request: number): void {
    this.#requests.place[request] = this.#serving.length;
    this.#serving.push(request);
  }

  #enqueue(request: number): void {
    const capacity = this.#waiting.length;
    if (this.#length === capacity) this.#grow();
    this.#waiting[(this.#head + this.#length) & (this.#waiting.length - 1)] = request;
    this.#length++;
  }

  #dequeue(): number {
    const request = this.#waiting[this.#head];
    this.#head = (this.#head + 1) & (this.#waiting.length - 1);
    this.#length--;
    return request;
  }

  #grow(): void {
    const larger = new Int32Array(this.#waiting.length * 2);
    for (let i = 0; i < this.#length; i++) {
      larger[i] = this.#waiting[(this.#head + i) & (this.#waiting.length - 1)];
    }
    this.#waiting = larger;
    this.#head = 0;
  }
}
