/** Requests in flight, as rows of typed arrays that are used again: memory follows what is in flight, not what came. */

/** A pool of requests; a request is the index of its row. */
export class Requests {
  arrivedMs = new Float64Array(256);
  serviceMs = new Float64Array(256);
  /** When its service began. */
  startedMs = new Float64Array(256);
  /** Its number in the order of arrival, from 0. */
  order = new Int32Array(256);
  /** Where the request stands among those in service at its replica. */
  place = new Int32Array(256);

  #used = 0;
  readonly #free: number[] = [];

  /** A row for a request that came now and will take so long to serve. */
  take(order: number, arrivedMs: number, serviceMs: number): number {
    const request = this.#free.pop() ?? this.#next();
    this.order[request] = order;
    this.arrivedMs[request] = arrivedMs;
    this.serviceMs[request] = serviceMs;
    return request;
  }

  release(request: number): void {
    this.#free.push(request);
  }

  #next(): number {
    if (this.#used === this.arrivedMs.length) this.#grow();
    return this.#used++;
  }

  #grow(): void {
    const capacity = this.arrivedMs.length * 2;
    const floats = (old: Float64Array): Float64Array<ArrayBuffer> => {
      const copy = new Float64Array(capacity);
      copy.set(old);
      return copy;
    };
    this.arrivedMs = floats(this.arrivedMs);
    this.serviceMs = floats(this.serviceMs);
    this.startedMs = floats(this.startedMs);
    const integers = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const copy = new Int32Array(capacity);
      copy.set(old);
      return copy;
    };
    this.order = integers(this.order);
    this.place = integers(this.place);
  }
}
