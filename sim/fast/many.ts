/** Many servers of which each request has a few candidates: what is known of them is brought near before it is asked for. */
import type { Scenario } from '../../core/scenario.ts';
import type { Candidates } from '../../core/types.ts';
import { columns, LONGEST } from '../columns.ts';
import type { Placing } from './placing.ts';
import { enter } from './servers.ts';
import type { Servers } from './servers.ts';
import { speedsOf } from './speeds.ts';
import type { Speeds } from './speeds.ts';

const { arrivedMs } = columns;

/**
 * A look at a server that nobody looked at lately waits for memory, and the next look waits for its outcome. All looks
 * of a block side by side wait for each other's lines at once, as a processor fetches ten or more together.
 */
export class AmongMany implements Placing {
  readonly sure = true;
  readonly #candidates: Candidates;
  readonly #servers: Servers;
  readonly #speeds: Speeds | undefined;
  readonly #refuseMs: number;
  #drawn = new Int32Array(0);

  constructor(candidates: Candidates, servers: Servers, s: Scenario) {
    this.#candidates = candidates;
    this.#servers = servers;
    this.#speeds = speedsOf(s);
    this.#refuseMs = s.refuse;
  }

  place(count: number): number {
    const { each } = this.#candidates;
    if (this.#drawn.length < each * count) this.#drawn = new Int32Array(each * LONGEST);
    const drawn = this.#drawn;
    this.#candidates.draw(drawn, count);
    this.#servers.fetch(drawn, each * count);
    let refused = 0;
    for (let i = 0; i < count; i++) {
      const server = this.#least(i * each, (i + 1) * each, arrivedMs[i]);
      refused += enter(this.#servers, server, i, this.#speeds, this.#refuseMs);
    }
    return refused;
  }

  /** The first with the fewest in flight of the candidates from one place up to another. */
  #least(from: number, to: number, now: number): number {
    let best = this.#drawn[from];
    let least = Infinity;
    for (let at = from; at < to; at++) {
      const inFlight = this.#servers.inFlight(this.#drawn[at], now);
      if (inFlight >= least) continue;
      best = this.#drawn[at];
      least = inFlight;
    }
    return best;
  }
}
