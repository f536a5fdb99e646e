/** Picks drawn a block at a time, as on the fast path: where nobody joins or leaves, and no pick follows from what happens between. */
import { stream } from '../core/random/stream.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Balancer, Key, Random, Sampler } from '../core/types.ts';
import { NONE } from '../core/types.ts';
import { drawKeys, keyColumn } from './key-column.ts';
import type { KeyColumn } from './key-column.ts';

const BLOCK = 512;

/**
 * A policy that looks at no load says at once where the next requests go; one of a few candidates says at once who
 * these are, and the one with the fewest requests in flight is found when the request comes. Each purpose has its own
 * random stream, so that drawing ahead changes no number. The balancer is told of no request: what it would count is
 * counted here.
 */
export class PicksAhead {
  readonly #balancer: Balancer;
  readonly #key: Sampler<Key>;
  readonly #random: Random;
  readonly #keys: KeyColumn;
  /** Requests that no block was drawn for yet. */
  #left: number;
  /** Of the block: candidates of a request, all of them one request after the other, and where the next one's are. */
  #each = 1;
  #drawn = new Int32Array(BLOCK);
  #at = 0;
  #end = 0;
  /** Requests in flight, by handle. */
  readonly #inFlight: Int32Array;

  /** Whether the members stay as they are, and each request is sent once, by the one balancer. */
  static suits(s: Scenario, balancer: Balancer): boolean {
    if (balancer.picks === undefined && balancer.candidates === undefined) return false;
    const faults = `${s.failAt}${s.pauseAt}${s.partitionAt}` !== '' || s.mtbf !== 'none';
    const changes = faults || s.autoscale !== 'none' || s.ejectAfter > 0 || s.balancers > 1;
    return !changes && s.retries === 0 && s.hedge === 'none';
  }

  constructor(s: Scenario, balancer: Balancer, key: Sampler<Key>) {
    this.#balancer = balancer;
    this.#key = key;
    this.#random = stream(s.seed, 'keys');
    this.#keys = keyColumn(key, BLOCK);
    this.#left = s.requests;
    this.#inFlight = new Int32Array(s.replicas);
  }

  /** Where the next request goes, or NONE. */
  next(): number {
    if (this.#at === this.#end) this.#draw();
    const at = this.#at;
    this.#at = at + this.#each;
    return this.#each === 1 ? this.#drawn[at] : this.#least(at);
  }

  started(handle: number): void {
    this.#inFlight[handle]++;
  }

  finished(handle: number): void {
    this.#inFlight[handle]--;
  }

  /** The first with the fewest requests in flight. */
  #least(from: number): number {
    const inFlight = this.#inFlight;
    const drawn = this.#drawn;
    const past = from + this.#each;
    let best = NONE;
    let least = Infinity;
    for (let at = from; at < past; at++) {
      const requests = inFlight[drawn[at]];
      if (requests >= least) continue;
      best = drawn[at];
      least = requests;
    }
    return best;
  }

  #draw(): void {
    const count = Math.min(BLOCK, this.#left);
    const { candidates } = this.#balancer;
    this.#left -= count;
    this.#each = candidates?.each ?? 1;
    if (this.#drawn.length < this.#each * count) this.#drawn = new Int32Array(this.#each * BLOCK);
    if (candidates) candidates.draw(this.#drawn, count);
    else this.#balancer.picks?.(() => this.#draws(count), this.#drawn, count);
    this.#at = 0;
    this.#end = this.#each * count;
  }

  #draws(count: number): ArrayLike<Key> {
    drawKeys(this.#key, this.#random, this.#keys, count);
    return this.#keys;
  }
}
