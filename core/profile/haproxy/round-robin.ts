/** HAProxy `balance roundrobin`, its dynamic weighted turns, and `balance first` (lb_fwrr.c, lb_fas.c). */
import { NOBODY } from '../types.ts';
import type { ProfileEntry, ProfileOptions, Scheme, ServerLine } from '../types.ts';
import { keyless } from './keyless.ts';
import { changing, poolOf, SCALE } from './pool.ts';
import type { Pool } from './pool.ts';
import { turnGroup } from './turn-group.ts';
import type { TurnGroup } from './turn-group.ts';

function groupOf(pool: Pool, backup: boolean): TurnGroup {
  const members = [...pool.servers.keys()].filter((i) => pool.servers[i].backup === backup && pool.usable(i));
  const group = turnGroup(members.reduce((total, server) => total + pool.weight(server) * SCALE, 0));
  for (const server of members) group.add(server, pool.weight(server) * SCALE);
  return group;
}

/** A scheme without keys: `next` takes a turn. Asking without picking takes it too, and hands it to the next pick. */
function turningScheme(
  pool: Pool,
  next: () => number,
  changes: Pick<Scheme, 'setDown' | 'setWeight'>,
  note = 'the turns decide, whatever the key',
): Scheme {
  let upcoming: number | null = null;
  const pick = (): number => {
    const found = upcoming ?? next();
    upcoming = null;
    return found;
  };
  const locate = (): number => (upcoming ??= next());
  return keyless(pool.servers, { pick, locate }, note, {
    started() {},
    finished() {},
    ...changes,
  });
}

function roundRobin(servers: readonly ServerLine[], { allBackups = false }: ProfileOptions = {}): Scheme {
  const pool = poolOf(servers, allBackups === true);
  const [active, backup] = [groupOf(pool, false), groupOf(pool, true)];
  const groupWith = (server: number): TurnGroup => (servers[server].backup ? backup : active);

  function next(): number {
    if (pool.group().length === 0) return NOBODY;
    if (pool.group().some((server) => !servers[server].backup)) return active.take();
    return pool.firstBackup() ?? backup.take();
  }

  /** Applies a change and tells the group what became of the server. */
  function change(server: number, apply: () => void): void {
    const [was, weight] = [pool.usable(server), pool.weight(server)];
    apply();
    const [is, scaled] = [pool.usable(server), pool.weight(server) * SCALE];
    if (was && !is) groupWith(server).down(server);
    else if (!was && is) groupWith(server).up(server, scaled);
    else if (is && weight !== pool.weight(server)) groupWith(server).reweigh(server, scaled);
  }

  return turningScheme(pool, next, changing(pool, change));
}

/** The first server in order of ids that is usable; it fills up before the next is asked. */
function first(servers: readonly ServerLine[], { allBackups = false }: ProfileOptions = {}): Scheme {
  const pool = poolOf(servers, allBackups === true);
  const next = (): number => [...pool.group()].sort((a, b) => pool.ids[a] - pool.ids[b]).at(0) ?? NOBODY;
  return turningScheme(pool, next, pool, 'the first usable server takes everything, whatever the key');
}

export const haproxyRoundRobin: ProfileEntry = {
  name: 'haproxy-roundrobin',
  summary: 'is HAProxy with `balance roundrobin`: weighted turns that follow changes of weight',
  source: 'HAProxy 2.6 to 3.5, src/lb_fwrr.c',
  can: { removes: 'any', weights: true, keys: false, state: 'turns', reweights: true },
  options: { allBackups: false },
  make: () => roundRobin,
};

export const haproxyFirst: ProfileEntry = {
  name: 'haproxy-first',
  summary: 'is HAProxy with `balance first` and room to spare: the first usable server takes everything',
  source: 'HAProxy 2.6 to 3.5, src/lb_fas.c',
  can: { removes: 'any', weights: false, keys: false, state: 'none', reweights: false },
  options: { allBackups: false },
  make: () => first,
};
