/** The replicas of a round as the gateway is told of them, and what befalls them meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../../core/types.ts';
import type { Parts } from '../../../live/gateway/parts.ts';
import type { Pool } from '../../../live/gateway/upstreams.ts';
import type { Member } from '../../../live/types.ts';
import { anyOf } from './plan.ts';
import type { Weather } from './plan.ts';
import type { Replica } from './replica.ts';

/** Who is there. */
export class Fleet {
  /** Those of all members that there were. */
  readonly pools = new Set<Pool>();
  readonly #parts: Parts;
  readonly #replicas: readonly Replica[];
  #members: Member[];
  #handles = 0;
  #version = 0;

  constructor(parts: Parts, replicas: readonly Replica[]) {
    this.#parts = parts;
    this.#replicas = replicas;
    this.#members = replicas.map(({ name, port }, i) => this.#member(name, port, i + 1));
    this.#publish(this.#members);
  }

  /** Lets happen what such weather brings, until told to stop. */
  async suffer(weather: Weather, random: Random, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await sleep(40 + random() * 120, undefined, { signal }).catch(() => undefined);
      if (weather === 'churn') await this.#replace(random);
      if (weather === 'breakdowns') await anyOf(random)(this.#replicas).breakDown(random() * 150);
    }
  }

  /** One leaves, some of them by draining, and is back in a moment under another handle. */
  async #replace(random: Random): Promise<void> {
    const leaving = anyOf(random)(this.#members);
    const others = this.#members.filter((member) => member !== leaving);
    if (random() < 0.3) {
      this.#publish([...others, { ...leaving, state: 'draining' }]);
      await sleep(30);
    }
    this.#publish(others);
    await sleep(random() * 60);
    this.#members = [...others, this.#member(leaving.name, leaving.port, leaving.id)];
    this.#publish(this.#members);
  }

  #member(name: string, port: number, id: number): Member {
    return { handle: this.#handles++, id, name, weight: 1, host: '127.0.0.1', port, state: 'ready' };
  }

  #publish(members: readonly Member[]): void {
    const { membership, upstreams } = this.#parts;
    membership.apply({ version: this.#version++, wanted: this.#replicas.length, members: [...members] });
    for (const { handle } of members) {
      const pool = upstreams.get(handle);
      if (pool) this.pools.add(pool);
    }
  }
}
