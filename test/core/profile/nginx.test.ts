/** nginx, key for key: what a real one answered, and its corners. */
import { describe, expect, it } from 'vitest';
import { readNginx } from '../../../core/config/nginx.ts';
import { utf8 } from '../../../core/profile/bytes-hash.ts';
import { serverLine } from '../../../core/profile/servers.ts';
import { NOBODY } from '../../../core/profile/types.ts';
import { tables } from '../../../core/tables.ts';
import { allKeys, answers, golden, keys, lineOf } from './vectors.ts';
import type { Recorded } from './vectors.ts';

interface Case {
  readonly name: string;
  readonly servers: readonly Recorded[];
  readonly config: string;
  readonly answer: readonly number[];
  readonly sequence: readonly number[];
  readonly history_dependent_key_indexes?: readonly number[];
}
interface File {
  readonly ips: readonly string[];
  readonly cases: readonly Case[];
}

const make = (profile: string, servers: readonly Recorded[]) =>
  tables.profiles.choose(profile).entry.make([])(servers.map(lineOf));
const cases = (file: string): readonly Case[] => (golden(file) as File).cases;
const three = ['10.0.0.1:80', '10.0.0.2:80', '10.0.0.3:80'].map((addr) => ({ addr }));

describe('nginx-ketama', () => {
  it.each(cases('nginx-ketama'))('answers as nginx did: $name', ({ name, servers, answer }) => {
    expect(answers(make('nginx-ketama', servers), name.endsWith('uri') ? keys.paths : allKeys)).toEqual(
      answer,
    );
  });

  it('steps over a server that is down to the next point, and says so', () => {
    const scheme = make('nginx-ketama', three);
    const key = utf8('some key');
    const [first, second] = scheme.fallbacks(key, 3);
    scheme.setDown(first, true);
    expect(scheme.locate(key)).toBe(second);
    expect(scheme.explain(key).steps[0]).toMatchObject({ server: three[first].addr, passed: 'down' });
  });

  it('has the fallbacks that marking each owner down would show', () => {
    const scheme = make('nginx-ketama', three);
    for (const text of allKeys.slice(0, 100)) {
      const order = scheme.fallbacks(utf8(text), 3);
      expect(new Set(order).size).toBe(3);
      expect(order[0]).toBe(scheme.locate(utf8(text)));
    }
  });

  it('takes turns for an empty key, and nobody when all are down', () => {
    const scheme = make('nginx-ketama', three);
    const empty = utf8('');
    expect([0, 1, 2, 3].map(() => scheme.pick(empty))).toEqual([0, 1, 2, 0]);
    for (const server of [0, 1, 2]) scheme.setDown(server, true);
    expect(scheme.locate(utf8('x'))).toBe(NOBODY);
  });

  it('hashes the server as it is written: a name, a socket, an IPv6 address without a port', () => {
    const odd = ['unix:/run/a.sock', 'Cache.lab', '[::1]', '[::1]:80'].map((addr) => ({ addr }));
    expect(new Set(answers(make('nginx-ketama', odd), allKeys)).size).toBe(4);
  });
});

describe('nginx-hash', () => {
  it.each(cases('nginx-hash-modulo'))('answers as nginx did: $name', ({ servers, answer }) => {
    expect(answers(make('nginx-hash', servers), allKeys)).toEqual(answer);
  });
});

describe('nginx-ip-hash', () => {
  it.each(cases('nginx-ip-hash'))('answers as nginx did: $name', ({ servers, answer }) => {
    expect(answers(make('nginx-ip-hash', servers), (golden('nginx-ip-hash') as File).ips)).toEqual(answer);
  });

  it('turns down a key that is no address', () => {
    expect(() => make('nginx-ip-hash', three).locate(utf8('10.0.0.256'))).toThrow(/no IP address/);
  });
});

describe('nginx-round-robin and nginx-least-conn', () => {
  it.each(cases('nginx-wrr'))('take turns as nginx did: $name', ({ config, sequence }) => {
    const { profile, servers } = readNginx(config);
    const scheme = tables.profiles.choose(profile).entry.make([])(servers);
    expect(sequence.map(() => scheme.pick(utf8('any')))).toEqual(sequence);
  });
});

describe('every nginx profile', () => {
  it.each(['nginx-ketama', 'nginx-hash', 'nginx-ip-hash', 'nginx-round-robin', 'nginx-least-conn'])(
    '%s refuses what nginx does',
    (name) => {
      for (const weight of [0, -1, 1.5, 1e13]) {
        expect(() => make(name, [{ addr: 'a:1', weight }])).toThrow(/weight/);
      }
      expect(() => make(name, [])).toThrow(/at least one server/);
    },
  );

  it('ketama refuses more points than memory holds', () => {
    expect(() => make('nginx-ketama', [serverLine('a:1', { weight: 1e9 })])).toThrow(/points/);
  });
});
