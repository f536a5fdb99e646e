/** HAProxy, key for key and event by event: what a real one answered, and its corners. */
import { describe, expect, it } from 'vitest';
import { readHaproxy } from '../../../core/config/haproxy.ts';
import { utf8 } from '../../../core/profile/bytes-hash.ts';
import type { Scheme } from '../../../core/profile/types.ts';
import { tables } from '../../../core/tables.ts';
import { allKeys, answers, golden, keys, lineOf } from './vectors.ts';
import type { Recorded } from './vectors.ts';

interface Case {
  readonly name: string;
  readonly config: string;
  readonly keys: string;
  readonly servers: readonly Recorded[];
  readonly answer: readonly number[];
  readonly sequence: readonly number[];
  readonly hash_balance_factor: number;
  readonly events: readonly (readonly ['req', number, string, number] | readonly ['done', number])[];
}
interface File {
  readonly ips: readonly string[];
  readonly ips6: readonly string[];
  readonly cases: readonly Case[];
}

const file = (name: string): File => golden(name) as File;

/** The scheme of a recorded configuration, read as the command line would read it. */
function configured(config: string): Scheme {
  const { profile, options, servers } = readHaproxy(config);
  return tables.profiles.choose(profile).entry.make([])(servers, options);
}

function keysOf({ name, keys: said }: Case, { ips }: File): readonly string[] {
  if (said.includes('field ips')) return ips;
  if (name.includes('query_ignored')) return keys.paths.map((path, i) => `${path}?v=${i % 7}`);
  if (said.includes('utf8')) return keys.utf8;
  if (said.includes('paths (700)')) return keys.paths;
  return said.includes('ids (700)') ? keys.ids : allKeys;
}

describe.each(['haproxy-consistent', 'haproxy-mapbased', 'haproxy-hashkey-3.5dev'])('%s', (name) => {
  const vectors = file(name);
  it.each(vectors.cases)('answers as HAProxy did: $name', (recorded) => {
    expect(answers(configured(recorded.config), keysOf(recorded, vectors))).toEqual(recorded.answer);
  });
});

describe('turns', () => {
  it.each(file('haproxy-roundrobin').cases)('go as in HAProxy: $name', ({ config, sequence }) => {
    const scheme = configured(config);
    const turns = sequence.map(() => {
      const server = scheme.pick(utf8('any'));
      scheme.started(server);
      scheme.finished(server);
      return server;
    });
    expect(turns).toEqual(sequence);
  });
});

describe('bounded loads', () => {
  it.each(file('haproxy-bounded-loads').cases)('follow HAProxy event by event: $name', (recorded) => {
    const options = { avalanche: true, hash: 'sdbm', factor: recorded.hash_balance_factor };
    const make = tables.profiles.choose('haproxy-consistent').entry.make([]);
    const scheme = make(recorded.servers.map(lineOf), options);
    const owners = new Map<number, number>();
    for (const [, id, key, expected] of recorded.events) {
      const owner = owners.get(id);
      if (key === undefined) scheme.finished(owner ?? NaN);
      else {
        const picked = scheme.pick(utf8(key));
        expect([id, key, picked]).toEqual([id, key, expected]);
        scheme.started(picked);
        owners.set(id, picked);
      }
    }
  });
});

type RuntimeEvent =
  | readonly ['req', number, string, number]
  | readonly ['done', number]
  | readonly ['weight', number, number]
  | readonly ['down', number, 0 | 1];

describe('changes at run time, with requests in flight', () => {
  const { cases } = golden('haproxy-runtime') as { cases: readonly { name: string; config: string; events: readonly RuntimeEvent[] }[] }; // prettier-ignore
  it.each(cases)('follow HAProxy event by event: $name', ({ config, events }) => {
    const scheme = configured(config);
    const owners = new Map<number, number>();
    for (const event of events) {
      if (event[0] === 'weight') scheme.setWeight(event[1], event[2]);
      else if (event[0] === 'down') scheme.setDown(event[1], event[2] === 1);
      else if (event[0] === 'done') scheme.finished(owners.get(event[1]) ?? NaN);
      else {
        const [, id, key, expected] = event;
        const picked = scheme.pick(utf8(key));
        expect([id, key, picked]).toEqual([id, key, expected]);
        scheme.started(picked);
        owners.set(id, picked);
      }
    }
  });
});
