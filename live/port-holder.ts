/**
 * Sockets that listen for as long as this process lives, whoever accepts from them: the descriptors go to the gateways, and
 * while none of them runs, connections wait in the kernel's queue instead of being refused.
 */
import { closeSync } from 'node:fs';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { BACKLOG, cannotListen, urlOf } from './gateway/listener.ts';
import type { Address } from './gateway/listener.ts';

/** Where to listen, and the flag that says so. */
export interface Wanted extends Address {
  readonly flag: string;
}

/** A socket that listens. */
export interface HeldPort {
  readonly url: string;
  readonly fd: number;
}

/** Sockets that are held. */
export interface Holder {
  readonly ports: readonly HeldPort[];
  /** Resolves when they are closed here; processes that have them go on. */
  release(): Promise<void>;
}

interface Refusal {
  readonly at: number;
  readonly code: string;
  readonly message: string;
}

type Said = Refusal | readonly { readonly fd: number; readonly port: number }[];

const THREAD = new URL('port-holder.mjs', import.meta.url);

/** Opens them all. @throws InputError naming the flag of the first that cannot be had */
export async function hold(wanted: readonly Wanted[]): Promise<Holder> {
  const addresses = await Promise.all(wanted.map(resolved));
  const released = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const thread = new Worker(THREAD, {
    workerData: { addresses, backlog: BACKLOG, released },
    execArgv: [],
  });
  const [said] = (await once(thread, 'message')) as [Said];
  if ('code' in said) throw cannotListen(said, wanted[said.at]);
  thread.unref();
  return {
    ports: said.map(({ fd, port }, at) => ({ fd, url: urlOf({ ...wanted[at], port }) })),
    async release() {
      thread.ref();
      const ended = once(thread, 'exit');
      Atomics.store(released, 0, 1);
      Atomics.notify(released, 0);
      await ended;
    },
  };
}

/** Sockets that this process was given by the one before it. */
export function kept(fds: readonly number[], wanted: readonly Wanted[]): Holder {
  return {
    ports: wanted.map((address, at) => ({ fd: fds[at], url: urlOf(address) })),
    release() {
      for (const fd of fds) closeSync(fd);
      return Promise.resolve();
    },
  };
}

/** The thread takes addresses only: waiting for a name, it would accept connections to the port before it. */
async function resolved(wanted: Wanted): Promise<Address> {
  try {
    return { host: (await lookup(wanted.host)).address, port: wanted.port };
  } catch (error) {
    throw cannotListen(error as NodeJS.ErrnoException, wanted);
  }
}
