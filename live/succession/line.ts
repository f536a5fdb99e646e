/**
 * The line of processes that have a stack one after the other. The first of them is the parent of all: it holds the sockets
 * and stays until the last one ends, so that the shell, systemd or container that started it has one process to look at.
 */
import type { Turned } from '../relay.ts';
import type { Log } from '../types.ts';
import type { Bequest, Incumbent } from './messages.ts';
import { Successor } from './successor.ts';

/** Node starts, reads its files and checks its flags. */
const PREPARE_MS = 30_000;
/** Replicas are adopted or started, and gateways listen. */
const SERVE_MS = 120_000;

/** Kept by the first process. */
export class Line {
  /** Resolves with the exit code of a successor that has ended although it had the stack. */
  readonly ended: Promise<number>;
  readonly #sockets: () => readonly number[];
  readonly #log: Log;
  readonly #ending: () => void;
  readonly #processes = new Set<Successor>();
  #end: (code: number) => void = () => undefined;
  #incumbent: Incumbent;
  #restarting: Promise<number> | undefined;

  /** @param ending hears that the stack is about to end, so that the port can be given back */
  constructor(own: Incumbent, sockets: () => readonly number[], log: Log, ending: () => void) {
    this.#incumbent = own;
    this.#sockets = sockets;
    this.#log = log;
    this.#ending = ending;
    this.ended = new Promise((resolve) => (this.#end = resolve));
  }

  /**
   * Has a new process take the stack over; resolves with its number once it serves.
   * @throws Error when it does not; whoever had the stack goes on then
   */
  restart(): Promise<number> {
    return (this.#restarting ??= this.#replace()
      .catch((error: unknown) => {
        this.#log('error', 'restart given up, going on as before', { error: String(error) });
        throw error;
      })
      .finally(() => (this.#restarting = undefined)));
  }

  /** Passes a signal on to the successor that has the stack; false where it is this process. */
  forward(signal: NodeJS.Signals): boolean {
    const has = [...this.#processes].find((successor) => successor === this.#incumbent);
    return has?.process.kill(signal) ?? false;
  }

  /** Ends all successors with their stack, after a restart that is under way: nobody knows whose it is until then. */
  async close(): Promise<void> {
    await this.#restarting?.catch(() => undefined);
    for (const { process } of this.#processes) process.kill('SIGTERM');
    await Promise.all([...this.#processes].map(({ ended }) => ended));
  }

  async #replace(): Promise<number> {
    const [former, next] = [this.#incumbent, new Successor(this.#sockets())];
    this.#processes.add(next);
    void next.ended.then((code) => {
      this.#processes.delete(next);
      if (this.#incumbent === next) this.#end(code);
    });
    try {
      await next.says('prepared', PREPARE_MS);
      await this.#handOver(former, next);
    } catch (error) {
      next.process.kill('SIGKILL'); // it must not tidy up what is not its own
      throw error;
    }
    this.#incumbent = next;
    next.on(({ type }) => {
      if (type === 'restart') this.#askedBy(next);
      else if (type === 'ending') this.#ending();
    });
    this.#log('info', 'stack handed over', { successor: next.process.pid });
    void former.retire();
    return next.process.pid ?? 0;
  }

  async #handOver(former: Incumbent, next: Successor): Promise<void> {
    const pass = passing(former);
    try {
      await this.#take(former, next, await former.letGo());
      pass.to(next);
    } catch (error) {
      pass.end();
      throw error;
    }
  }

  async #take(former: Incumbent, next: Successor, bequest: Bequest): Promise<void> {
    try {
      const serving = next.says('serving', SERVE_MS);
      next.tell({ type: 'take', ...bequest });
      await serving;
    } catch (error) {
      next.process.kill('SIGKILL');
      await next.ended;
      await former.takeBack();
      throw error;
    }
  }

  #askedBy(successor: Successor): void {
    this.restart().then(
      (pid) => {
        successor.tell({ type: 'succeeded', pid });
      },
      (error: unknown) => {
        successor.tell({ type: 'refused', reason: error instanceof Error ? error.message : String(error) });
      },
    );
  }
}

/** Until its last client has left, knobs may still be turned in a gateway of the former: they are kept, and then passed on. */
function passing(former: Incumbent): { to(next: Incumbent): void; end(): void } {
  const kept: Turned[] = [];
  let heir: Incumbent | undefined;
  const end = former.onTurned((turned) => {
    if (heir) heir.turn(turned);
    else kept.push(turned);
  });
  return {
    to(next) {
      heir = next;
      for (const turned of kept) next.turn(turned);
    },
    end,
  };
}
