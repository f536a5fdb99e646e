/** A profile driven by the five verbs of a Balancer, so that either engine can run a real balancer's choice. */
import { InputError } from '../input-error.ts';
import { NONE } from '../types.ts';
import type { Balancer, Key } from '../types.ts';
import { utf8 } from './bytes-hash.ts';
import { NOBODY } from './types.ts';
import type { Scheme } from './types.ts';

/**
 * Replicas are the scheme's servers by name. A server that has not joined by the first pick counts as down, and one
 * that leaves goes down: real balancers keep its place, and so the places of the others.
 */
export function profileBalancer(scheme: Scheme): Balancer {
  const names = scheme.servers.map(({ name }) => name);
  const twin = names.find((name, i) => names.indexOf(name) !== i);
  if (twin !== undefined)
    throw new InputError(`Two servers are named '${twin}'; replicas need names of their own.`);
  const servers = new Map<number, number>();
  const handles = new Int32Array(scheme.servers.length).fill(NONE);
  let began = false;

  function begin(): void {
    began = true;
    for (const [server, handle] of handles.entries()) if (handle === NONE) scheme.setDown(server, true);
  }

  return {
    pick({ key }) {
      if (!began) begin();
      const server = scheme.pick(bytesOf(key));
      return server === NOBODY ? NONE : handles[server];
    },
    started(handle) {
      const server = servers.get(handle);
      if (server !== undefined) scheme.started(server);
    },
    finished(handle) {
      const server = servers.get(handle);
      if (server !== undefined) scheme.finished(server);
    },
    joined({ handle, name }) {
      const server = names.indexOf(name);
      if (server < 0) throw new InputError(`The replica '${name}' is none of the profile's servers.`);
      servers.set(handle, server);
      handles[server] = handle;
      if (began) scheme.setDown(server, false);
    },
    left(handle) {
      const server = servers.get(handle);
      if (server === undefined || handles[server] !== handle) return;
      handles[server] = NONE;
      scheme.setDown(server, true);
    },
  };
}

function bytesOf(key: Key): Uint8Array {
  return utf8(String(key));
}
