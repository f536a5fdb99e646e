/** The place of a process in the line of those that have a stack, as itself sees it. */
import { once } from 'node:events';
import type { Bequest, Incumbent, Order, Report } from './messages.ts';
import { SOCKETS_VARIABLE } from './messages.ts';

/** What was left to it. */
export interface Estate extends Bequest {
  readonly sockets: readonly number[];
}

/** A process that another one has started to take its stack over. */
export interface Heir {
  /** Says that all is well so far; resolves when the stack is free. */
  inherit(): Promise<Estate>;
  /** Says that it serves, and does from then on as it is told. */
  serve(incumbent: Incumbent): void;
  /** Asks to be replaced; resolves with the number of the process that has the stack then. */
  succeed(): Promise<number>;
  failed(reason: string): void;
  ending(): void;
  /** Lets the process end. */
  leave(): void;
  /** Resolves when the process that has started it is gone. */
  readonly orphaned: Promise<'orphaned'>;
}

/** Undefined for a process that was started by itself. */
export function heir(): Heir | undefined {
  const { [SOCKETS_VARIABLE]: sockets } = process.env;
  if (sockets === undefined || !process.send) return undefined;
  Reflect.deleteProperty(process.env, SOCKETS_VARIABLE); // it is not for those that this process starts
  return {
    async inherit() {
      const taken = told('take');
      report({ type: 'prepared' });
      const { turned, starts } = await taken;
      return { sockets: sockets.split(',').map(Number), turned, starts };
    },
    serve(incumbent) {
      process.on('message', (given: Order) => {
        obey(given, incumbent);
      });
      incumbent.onTurned((turned) => {
        report({ type: 'turned', turned });
      });
      report({ type: 'serving' });
    },
    async succeed() {
      const answer = Promise.race([told('succeeded'), told('refused')]);
      report({ type: 'restart' });
      const given = await answer;
      if (given.type === 'refused') throw new Error(given.reason);
      return given.pid;
    },
    failed(reason) {
      report({ type: 'failed', reason });
    },
    ending() {
      report({ type: 'ending' });
    },
    leave() {
      if (process.connected) process.disconnect();
    },
    // it may have ended while the files were read
    orphaned: (process.connected ? once(process, 'disconnect') : Promise.resolve()).then(
      () => 'orphaned' as const,
    ),
  };
}

/** What whoever takes a stack back has for the next one. */
const NOTHING: Bequest = { turned: { changes: {}, weightsById: {} }, starts: 0 };

function obey(given: Order, incumbent: Incumbent): void {
  const { type } = given;
  if (type === 'retire') void incumbent.retire();
  else if (type === 'turn') incumbent.turn(given.turned);
  else if (type === 'let go') does(incumbent.letGo());
  else if (type === 'take back') does(incumbent.takeBack().then(() => NOTHING));
}

function does(act: Promise<Bequest>): void {
  act.then(
    (bequest) => {
      report({ type: 'done', ...bequest });
    },
    (error: unknown) => {
      report({ type: 'failed', reason: error instanceof Error ? error.message : String(error) });
    },
  );
}

function report(given: Report): void {
  if (process.connected) process.send?.(given);
}

function told<T extends Order['type']>(type: T): Promise<Extract<Order, { type: T }>> {
  return new Promise((resolve) => {
    const hear = (given: Order): void => {
      if (given.type !== type) return;
      process.off('message', hear);
      resolve(given as Extract<Order, { type: T }>);
    };
    process.on('message', hear);
  });
}
