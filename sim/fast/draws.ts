/** The requests to come, drawn a block at a time: when they arrive, their keys, and how long they take. */
import { stream } from '../../core/random/stream.ts';
import { draws } from '../../core/random/draw.ts';
import { workloadOf } from '../../core/resolve.ts';
import type { Scenario } from '../../core/scenario.ts';
import type { Tables } from '../../core/tables.ts';
import type { Key, Random, Sampler } from '../../core/types.ts';
import { columns, LONGEST } from '../columns.ts';
import { drawKeys, keyColumn } from '../key-column.ts';
import type { KeyColumn } from '../key-column.ts';

const { arrivedMs, serviceMs } = columns;

/**
 * Each purpose has a stream of its own, so that drawing ahead changes no number. In a loop of its own each law is
 * compiled into that loop, and its numbers go into columns and not, boxed, from call to call.
 */
export class Draws {
  readonly #keys: KeyColumn;
  /** Requests drawn so far, those of them whose keys were, and those of this block. */
  #drawn = 0;
  #keyed = 0;
  #count = 0;
  readonly #gapMs: Sampler;
  readonly #key: Sampler<Key>;
  readonly #service: Sampler;
  readonly #random: Readonly<Record<'arrivals' | 'keys' | 'service', Random>>;
  #now = 0;

  constructor(s: Scenario, tables: Tables) {
    const { arrivals, key, serviceMs: service } = workloadOf(s, tables);
    if (arrivals.kind !== 'open') throw new Error('a closed loop needs the list of events');
    this.#gapMs = arrivals.gapMs;
    this.#key = key;
    this.#keys = keyColumn(key, LONGEST);
    this.#service = service;
    this.#random = {
      arrivals: stream(s.seed, 'arrivals'),
      keys: stream(s.seed, 'keys'),
      service: stream(s.seed, 'service'),
    };
  }

  /** Draws the next `wanted` requests, a block at most; returns how many there are before the arrivals end. */
  next(wanted: number): number {
    const count = this.#arrivals(Math.min(wanted, LONGEST));
    draws(this.#service, this.#random.service, serviceMs, count);
    this.#drawn += count;
    this.#count = count;
    return count;
  }

  /** The keys of the requests of this block. Most policies never ask, so that keys are drawn when one does. */
  readonly keys = (): ArrayLike<Key> => {
    if (this.#keyed !== this.#drawn) this.#drawKeys();
    return this.#keys;
  };

  #arrivals(count: number): number {
    const times = arrivedMs;
    draws(this.#gapMs, this.#random.arrivals, times, count);
    let now = this.#now;
    for (let i = 0; i < count; i++) {
      now += times[i];
      if (now === Infinity) return i;
      times[i] = now;
    }
    this.#now = now;
    return count;
  }

  /** Those of this block, after all that nobody asked for. */
  #drawKeys(): void {
    const key = this.#key;
    const random = this.#random.keys;
    const count = this.#count;
    for (const first = this.#drawn - count; this.#keyed < first; this.#keyed++) key(random);
    drawKeys(key, random, this.#keys, count);
    this.#keyed = this.#drawn;
  }
}
