/** A run of requests that are held, released and changed under, so that what is in flight is the same on both sides. */
import { join } from 'node:path';
import { utf8 } from '../../core/profile/bytes-hash.ts';
import { NOBODY } from '../../core/profile/types.ts';
import type { Scheme } from '../../core/profile/types.ts';
import { changeOf } from './backends.ts';
import type { Chance } from './chance.ts';
import type { Haproxy } from './haproxy.ts';
import { askAlone } from './holder.ts';
import type { Holder } from './holder.ts';

const EVENTS = 90;
const NAMED = /x-server: (\S+)/i;

interface Flying {
  readonly id: number;
  readonly server: number;
  readonly answer: Promise<string>;
}

let lastId = 0;

/** The servers that the profile picked and those that HAProxy chose, by request. */
export async function heldRun(
  random: Chance,
  backend: string,
  scheme: Scheme,
  haproxy: Haproxy,
  holder: Holder,
): Promise<{ picked: string[]; real: string[] }> {
  const flying: Flying[] = [];
  const all: Flying[] = [];

  async function send(): Promise<void> {
    const key = random.of(['hot', 'hot', `k${random.below(50)}`]);
    const server = scheme.pick(utf8(key));
    if (server === NOBODY) return;
    const id = ++lastId;
    const answer = askAlone(join(haproxy.folder, 'socket'), `GET / HTTP/1.1\r\nx-key: ${key}\r\nhost: lab\r\nx-request: ${id}\r\nx-backend: ${backend}\r\n\r\n`); // prettier-ignore
    await holder.arrived(id);
    scheme.started(server);
    const one = { id, server, answer };
    flying.push(one);
    all.push(one);
  }

  async function end([one]: readonly Flying[]): Promise<void> {
    holder.release(one.id);
    await one.answer;
    scheme.finished(one.server);
    while ((await inFlight(haproxy, backend)) !== flying.length); // HAProxy counts an end a little after it was told
  }

  async function change(): Promise<void> {
    const { command, apply } = changeOf(random, backend, scheme.servers.length);
    await haproxy.command(command);
    apply(scheme);
  }

  for (let event = 0; event < EVENTS; event++) {
    if (random.often(0.6) || flying.length === 0) await send();
    else if (random.often(0.9)) await end(flying.splice(random.below(flying.length), 1));
    else await change();
  }
  while (flying.length > 0) await end(flying.splice(0, 1));
  const answers = await Promise.all(all.map(({ answer }) => answer));
  return {
    picked: all.map(({ server }) => scheme.servers[server].name),
    real: answers.map((answer) => NAMED.exec(answer)?.[1] ?? answer),
  };
}

/** Requests at the backend's servers, by HAProxy's own statistics; -1 while backend and servers do not agree. */
async function inFlight(haproxy: Haproxy, backend: string): Promise<number> {
  const rows = (await haproxy.command('show stat')).split('\n').map((line) => line.split(','));
  const own = rows.filter(([name]) => name === backend);
  const servers = own.filter(([, what]) => what !== 'BACKEND').reduce((sum, row) => sum + Number(row[4]), 0);
  return servers === Number(own.find(([, what]) => what === 'BACKEND')?.[4]) ? servers : -1;
}
