/** What the process that was started first and the ones that take its place say to each other. */
import type { ChildProcess } from 'node:child_process';
import type { Turned } from '../relay.ts';

/** What one process leaves to the next, besides its sockets. */
export interface Bequest {
  readonly turned: Turned;
  /** How many gateways there were so far: each has a recording of its own. */
  readonly starts: number;
}

/** To a process that is to have the stack, or has it. */
export type Order =
  /** Adopt what there is, and serve. */
  | ({ readonly type: 'take' } & Bequest)
  /** Turn what was turned in a gateway of the process before it, which still hears clients. */
  | { readonly type: 'turn'; readonly turned: Turned }
  | { readonly type: 'let go' }
  | { readonly type: 'take back' }
  | { readonly type: 'retire' }
  /** To what it has asked for: the number of the process that has the stack now, or why there is none. */
  | { readonly type: 'succeeded'; readonly pid: number }
  | { readonly type: 'refused'; readonly reason: string };

/** From such a process. */
export type Report =
  /** It has come so far without touching anything. */
  | { readonly type: 'prepared' }
  | { readonly type: 'serving' }
  | ({ readonly type: 'done' } & Bequest)
  /** Knobs were turned in a gateway of its own. */
  | { readonly type: 'turned'; readonly turned: Turned }
  /** What it was told to do cannot be done, or it cannot start. */
  | { readonly type: 'failed'; readonly reason: string }
  /** It asks to be replaced. */
  | { readonly type: 'restart' }
  /** It ends, and the stack with it. */
  | { readonly type: 'ending' };

/** Whoever has the stack, and can give it to another. */
export interface Incumbent {
  /** Lets go of all that its successor can adopt; resolves with what that has to know. */
  letGo(): Promise<Bequest>;
  /** Calls the listener with what is turned from now on, until the function that comes back is called. */
  onTurned(listener: (turned: Turned) => void): () => void;
  /** Turns what was turned elsewhere. */
  turn(turned: Turned): void;
  /** The successor did not come. */
  takeBack(): Promise<unknown>;
  /** Finishes what it has, and ends. */
  retire(): unknown;
}

/** The variable that a successor is told its sockets by. */
export const SOCKETS_VARIABLE = 'EVENLY_SOCKETS';

/** An end that is near needs no answer. */
export function order(child: ChildProcess, given: Order): void {
  if (child.connected) child.send(given, () => undefined);
}
