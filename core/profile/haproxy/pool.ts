/** HAProxy's servers of one backend: who is usable, who stands in, and what they weigh (backend.c, recount_servers). */
import { InputError } from '../../input-error.ts';
import { checkServers, checkWeight } from '../servers.ts';
import type { ServerLine } from '../types.ts';

/** Weights are multiplied by this wherever they may change (BE_WEIGHT_SCALE). */
export const SCALE = 16;
export const HAPROXY_WEIGHTS = { min: 0, max: 256 };

/** The state of a backend's servers. */
export interface Pool {
  readonly servers: readonly ServerLine[];
  /** `option allbackups`. */
  readonly allBackups: boolean;
  /** The ids, given or counted from 1 over those given. */
  readonly ids: readonly number[];
  weight(server: number): number;
  usable(server: number): boolean;
  /** Those that take requests now, in the file's order: active ones, else the first backup, else all backups. */
  group(): readonly number[];
  /** The single stand-in when nothing active is usable and `option allbackups` is off. */
  firstBackup(): number | null;
  setDown(server: number, down: boolean): void;
  setWeight(server: number, weight: number): void;
  /** Goes up with every change. */
  version(): number;
}

/** The two changes of a pool, each handed to `change` to be carried out, so that it can act on what it changed. */
export function changing(
  pool: Pool,
  change: (server: number, apply: () => void) => void,
): Pick<Pool, 'setDown' | 'setWeight'> {
  return {
    setDown(server, down) {
      change(server, () => {
        pool.setDown(server, down);
      });
    },
    setWeight(server, weight) {
      change(server, () => {
        pool.setWeight(server, weight);
      });
    },
  };
}

/** The pool at start. @throws InputError for what HAProxy would refuse. */
export function poolOf(servers: readonly ServerLine[], allBackups: boolean): Pool {
  checkServers('HAProxy', servers, HAPROXY_WEIGHTS);
  const weights = servers.map(({ weight }) => weight);
  const downs = servers.map(({ down }) => down);
  let version = 0;
  let counted = -1;
  let group: readonly number[] = [];

  const usable = (server: number): boolean => !downs[server] && weights[server] > 0;
  const usableOf = (backup: boolean): number[] =>
    [...servers.keys()].filter((i) => servers[i].backup === backup && usable(i));

  function firstBackup(): number | null {
    return allBackups || usableOf(false).length > 0 ? null : (usableOf(true).at(0) ?? null);
  }

  function recount(): readonly number[] {
    const active = usableOf(false);
    if (active.length > 0) return active;
    return allBackups ? usableOf(true) : usableOf(true).slice(0, 1);
  }

  return {
    servers,
    allBackups,
    ids: idsOf(servers),
    weight: (server) => weights[server],
    usable,
    group() {
      if (counted !== version) group = recount();
      counted = version;
      return group;
    },
    firstBackup,
    setDown(server, down) {
      downs[server] = down;
      version++;
    },
    setWeight(server, weight) {
      checkWeight('HAProxy', servers[server].name, weight, HAPROXY_WEIGHTS);
      weights[server] = weight;
      version++;
    },
    version: () => version,
  };
}

/** A server without an id takes its place in the file, counted from 1, or the next number that is free. */
function idsOf(servers: readonly ServerLine[]): number[] {
  const taken = new Map<number, string>();
  for (const { id, name } of servers) {
    if (id === undefined) continue;
    const other = taken.get(id);
    if (other !== undefined)
      throw new InputError(`The servers '${other}' and '${name}' have the same id, ${id}.`);
    taken.set(id, name);
  }
  let next = 1;
  return servers.map(({ id }) => {
    while (id === undefined && taken.has(next)) next++;
    next++;
    return id ?? next - 1;
  });
}
