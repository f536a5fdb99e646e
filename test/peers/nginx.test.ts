/** A real nginx, asked beside its profiles: random upstreams, key for key. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNginx } from '../../core/config/nginx.ts';
import { utf8 } from '../../core/profile/bytes-hash.ts';
import { NOBODY } from '../../core/profile/types.ts';
import type { Scheme } from '../../core/profile/types.ts';
import { tables } from '../../core/tables.ts';
import { chance } from './chance.ts';
import { startNginx } from './nginx.ts';
import type { Nginx } from './nginx.ts';
import { missing } from './process.ts';

const why = missing('nginx');
const METHODS = ['hash $http_x_key consistent;', 'hash $http_x_key;', 'ip_hash;', 'least_conn;', ''];
const KEYS = 150;
const { often, below, of, key, address } = chance(20_260_901);

/** An address where nobody listens: with a port and without one, of either version, or a socket. */
function serverAddress(i: number): string {
  return of([
    `127.0.0.${i + 1}:91${10 + i}`,
    `127.0.1.${i + 1}`,
    `[::1]:92${10 + i}`,
    `unix:/none/${i}.sock`,
  ]);
}

function upstream(name: string, method: string): string {
  const addresses: string[] = [];
  const lines = Array.from({ length: 1 + below(of([3, 6, 30])) }, (_, i) => {
    addresses.push(i > 0 && often(0.15) ? of(addresses) : serverAddress(i)); // nginx takes a server twice
    const weight = often(0.5) ? ` weight=${1 + below(of([3, 10, 30]))}` : '';
    const backup = !/hash/.test(method) && i > 0 && often(0.15) ? ' backup' : '';
    return `server ${addresses[i]} max_fails=0${weight}${backup}${often(0.2) ? ' down' : ''};`;
  });
  return `upstream ${name} { ${method}\n${lines.join('\n')}\n}`;
}

const upstreams = METHODS.flatMap((method, m) =>
  Array.from({ length: 12 }, (_, i) => ({
    name: `u${m}_${i}`,
    method,
    text: upstream(`u${m}_${i}`, method),
  })),
);

/** A header's value comes without the blanks around it. */
function trimmed(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replace(/^ +| +$/g, ''), 'latin1');
}

/** What nginx logs when it tries the scheme's server: the address with its port, or the upstream where nobody is up. */
function tried(scheme: Scheme, server: number, upstreamName: string): string {
  if (server === NOBODY) return upstreamName;
  const { address: at } = scheme.servers[server];
  return /^unix:|:\d+$/.test(at) && !at.endsWith(']') ? at : `${at}:80`;
}

describe.skipIf(why)(`nginx${why ? ` (skipped: ${why})` : ''}`, () => {
  let nginx: Nginx;
  beforeAll(async () => {
    nginx = await startNginx(upstreams.map(({ text }) => text).join('\n'));
  });
  afterAll(() => nginx.stop());

  it.each(upstreams)('answers as the profile does: $name, $method', async ({ name, method, text }) => {
    const { profile, servers } = readNginx(text);
    const scheme = tables.profiles.choose(profile).entry.make([])(servers);
    const byClient = method === 'ip_hash;';
    const keys = Array.from({ length: KEYS }, () => (byClient ? utf8(address()) : trimmed(key())));
    const real = byClient
      ? await nginx.pickClients(name, keys.map((bytes) => Buffer.from(bytes).toString())) // prettier-ignore
      : await nginx.pick(name, keys);
    expect(keys.map((bytes) => tried(scheme, scheme.pick(bytes), name))).toEqual(real);
  });
});
