/** The replicas of a run, by handle; what faults and health know of one is made when they first ask. */
import type { Replica } from '../core/types.ts';
import type { Server } from './server.ts';

/** The dead stay, since handles are never reused. With 100,000 of them a record of each would be most of the memory. */
export class Servers {
  /** Makes what is known of one. */
  make: (replica: Replica) => Server = () => {
    throw new Error('A server was asked for before there was a fleet.');
  };
  readonly #replicas: Replica[] = [];
  readonly #made: Server[] = [];

  get count(): number {
    return this.#replicas.length;
  }

  join(replica: Replica): void {
    this.#replicas.push(replica);
  }

  at(handle: number): Server {
    return (this.#made[handle] ??= this.make(this.#replicas[handle]));
  }

  all(): Server[] {
    return this.#replicas.map(({ handle }) => this.at(handle));
  }
}
