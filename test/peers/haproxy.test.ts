/** A real HAProxy, asked beside its profiles: random backends, key for key, through changes at run time. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHaproxy } from '../../core/config/haproxy.ts';
import { utf8 } from '../../core/profile/bytes-hash.ts';
import { NOBODY } from '../../core/profile/types.ts';
import type { Scheme } from '../../core/profile/types.ts';
import { tables } from '../../core/tables.ts';
import type { Ask } from './ask.ts';
import { backendText, changeOf, keyFor, METHODS } from './backends.ts';
import { chance } from './chance.ts';
import { ANSWERS, HOLDS, startHaproxy } from './haproxy.ts';
import type { Haproxy } from './haproxy.ts';
import { heldRun } from './held-run.ts';
import { holdOn } from './holder.ts';
import type { Holder } from './holder.ts';
import { missing, peerFolder } from './process.ts';

const why = missing('haproxy');
const random = chance(20_260_902);
const [KEYS, ROUNDS] = [40, 4];

const backends = METHODS.flatMap((method, m) =>
  Array.from({ length: 6 }, (_, i) => {
    const name = `b${m}_${i}`;
    return { name, method, text: backendText(random, name, method, ANSWERS) };
  }),
);
const held = ['balance leastconn', 'balance hdr(x-key)\n hash-type consistent\n hash-balance-factor 110', 'balance hdr(x-key)\n hash-type consistent djb2\n hash-balance-factor 150'].map((method, i) => {
  const name = `h${i}`;
  return { name, method: method.replaceAll('\n', ','), text: backendText(random, name, { balance: method, hashes: false }, HOLDS) }; // prettier-ignore
}); // prettier-ignore

function schemeOf(text: string): Scheme {
  const { profile, servers, options } = readHaproxy(text);
  return tables.profiles.choose(profile).entry.make([])(servers, options);
}

/** What the profile says of a request that ends before the next. */
function alone(scheme: Scheme, key: Uint8Array): string {
  const server = scheme.pick(key);
  if (server === NOBODY) return 'HTTP/1.1 503 nobody';
  scheme.started(server);
  scheme.finished(server);
  return scheme.servers[server].name;
}

function askFor(balance: string, key: Buffer): Ask {
  if (balance.startsWith('balance uri')) return { path: key };
  if (balance.startsWith('balance url_param'))
    return { path: Buffer.concat([utf8('/?a=1&k='), key, utf8('&z=2')]) };
  return { headers: balance === 'balance source' ? { 'x-client': key } : { 'x-key': key } };
}

describe.skipIf(why)(`HAProxy${why ? ` (skipped: ${why})` : ''}`, () => {
  let haproxy: Haproxy;
  let holder: Holder;
  beforeAll(async () => {
    const folder = peerFolder();
    holder = await holdOn(join(folder, 'holds'));
    haproxy = await startHaproxy([...backends, ...held].map(({ text }) => text).join('\n'), folder);
  });
  afterAll(async () => {
    await haproxy.stop();
    await holder.close();
  });

  it.each(backends)('answers as the profile does: $name, $method.balance', async ({ name, method, text }) => {
    const scheme = schemeOf(text);
    for (let round = 0; round < ROUNDS; round++) {
      const keys = Array.from({ length: KEYS }, () => keyFor(random, method.balance));
      const real = await haproxy.pick(name, keys.map((key) => askFor(method.balance, key))); // prettier-ignore
      expect([round, ...keys.map((key) => alone(scheme, key))]).toEqual([round, ...real]);
      const change = changeOf(random, name, scheme.servers.length);
      if ((await haproxy.command(change.command)).trim() === '') change.apply(scheme);
      else expect(() => { change.apply(scheme); }).toThrow(/weight/); // prettier-ignore
    }
  });

  it.each(held)(
    'with requests in flight goes as the profile does: $name, $method',
    async ({ name, text }) => {
      const { picked, real } = await heldRun(random, name, schemeOf(text), haproxy, holder);
      expect(picked).toEqual(real);
    },
  );
});
