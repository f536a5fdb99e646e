/** What Envoy's two hashing balancers share: request hash, table, retries, panic, and bounded load on top. */
import { InputError } from '../../input-error.ts';
import { overloadOf, withRoom } from '../../policy/bounded-load-envoy.ts';
import { NOBODY } from '../types.ts';
import type { Choice, ProfileOptions, Scheme, ServerLine, Step } from '../types.ts';
import { digits, requestHash } from './hash64.ts';
import { hostsOf } from './hosts.ts';
import type { Hosts } from './hosts.ts';

/** Entries that a 64-bit hash is looked up in. */
export interface Table {
  readonly unit: string;
  readonly size: number;
  /** The entry of a hash's attempt: 0, and so on with each retry that wants another host. */
  index(hash: Uint32Array, attempt: number): number;
  position(index: number): number | string;
  server(index: number): number;
}

/** Fallbacks are the hosts that so many retries reach. */
const MOST_RETRIES = 1000;

/** The scheme of a table that is built anew whenever a host goes or comes. */
export function envoyScheme(
  servers: readonly ServerLine[],
  options: ProfileOptions,
  build: (hosts: Hosts) => Table,
): Scheme {
  const factor = Number(options.factor ?? 0);
  if (factor > 0 && factor < 100)
    throw new InputError(`hash_balance_factor is ${factor}; Envoy takes 0 (off) or at least 100.`);
  const hosts = hostsOf(servers, Number(options.panic ?? 50));
  const active = new Int32Array(servers.length);
  const hash = new Uint32Array(2);
  let all = 0;
  let table = build(hosts);
  let built = hosts.version();

  function current(): Table {
    if (built !== hosts.version()) table = build(hosts);
    built = hosts.version();
    return table;
  }

  function choose(key: Uint8Array, attempt: number, steps?: Step[]): number {
    requestHash(key, hash);
    const entries = current();
    if (entries.size === 0) return NOBODY;
    const at = entries.index(hash, attempt);
    const choice = entries.server(at);
    const full: string[] = [];
    const overload = overloadOf(factor, all, (host) => active[host]);
    const shares = hosts.shares();
    const own = factor === 0 ? undefined : shares.find(({ server }) => server === choice);
    const found =
      own === undefined
        ? choice
        : withRoom(own, hash[0], shares, overload, (host) => full.push(servers[host].name));
    for (const name of full) steps?.push({ position: entries.position(at), server: name, passed: 'full' });
    steps?.push({ position: entries.position(at), server: servers[found].name });
    return found;
  }

  /** The owner, and the hosts that one retry after another reaches. */
  function fallbacks(key: Uint8Array, n: number): number[] {
    const found = new Set<number>();
    const most = Math.min(n, hosts.shares().length);
    for (let attempt = 0; attempt < MOST_RETRIES && found.size < most; attempt++)
      found.add(choose(key, attempt));
    found.delete(NOBODY);
    return [...found];
  }

  function explain(key: Uint8Array): Choice {
    const steps: Step[] = [];
    const owner = choose(key, 0, steps);
    const next = fallbacks(key, servers.length).filter((i) => i !== owner);
    const down = servers.filter((_, i) => hosts.isDown(i)).map(({ name }) => name);
    const panic = hosts.panics()
      ? ['too few hosts are healthy: Envoy panics and asks all of them']
      : [`${down.join(', ')} not in the table, being unhealthy`];
    requestHash(key, hash);
    return {
      hash: digits(hash),
      unit: current().unit,
      steps,
      owner: owner === NOBODY ? null : servers[owner].name,
      next: next.map((i) => servers[i].name),
      notes: down.length > 0 ? panic : [],
    };
  }

  return {
    servers,
    pick: (key) => choose(key, 0),
    locate: (key) => choose(key, 0),
    fallbacks,
    explain,
    started(server) {
      active[server]++;
      all++;
    },
    finished(server) {
      active[server]--;
      all--;
    },
    setDown: (server, down) => {
      hosts.setDown(server, down);
    },
    setWeight: (server, weight) => {
      hosts.setWeight(server, weight);
    },
  };
}
