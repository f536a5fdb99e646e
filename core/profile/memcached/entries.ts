/** memcached's clients as lines of the table of profiles: libketama, libmemcached, twemproxy. */
import { InputError, unknownName } from '../../input-error.ts';
import { utf8 } from '../bytes-hash.ts';
import type { BytesHash } from '../bytes-hash.ts';
import type { ProfileAbilities, ProfileEntry } from '../types.ts';
import { continuumScheme } from './continuum.ts';
import { libmemcachedHashes, md5First, twemproxyHashes } from './hashes.ts';
import { equalPoints, nameWithoutPort, row, weightedPoints } from './ketama.ts';

const WEIGHTS = { min: 1, max: 4_294_967_295 };
/** Rows and unweighted circles are as long as their weights. */
const ROW_WEIGHTS = { min: 1, max: 100_000 };
/** Points a server without weights (MEMCACHED_POINTS_PER_SERVER). */
const POINTS = 100;
export const CLIENT: ProfileAbilities = {
  removes: 'any',
  weights: true,
  keys: true,
  state: 'none',
  reweights: true,
};

/** The hash of that name. @throws InputError when the client has none. */
export function hashNamed(hashes: Readonly<Record<string, BytesHash>>, name: unknown): BytesHash {
  const wanted = String(name);
  if (!Object.hasOwn(hashes, wanted)) throw unknownName('hash', wanted, Object.keys(hashes));
  return hashes[wanted];
}

export const libketama: ProfileEntry = {
  name: 'libketama',
  summary:
    "is the first ketama: MD5 points of `host:port-k`, 160 a server by share, weights its list's memory",
  source: 'RJ/ketama, libketama/ketama.c',
  can: CLIENT,
  options: {},
  make: () => (servers) =>
    continuumScheme(servers, {
      program: 'libketama',
      weights: WEIGHTS,
      hash: md5First,
      modulo: false,
      points: (members, weightOf) => weightedPoints(servers, members, weightOf, ({ address }) => address),
    }),
};

const DISTRIBUTIONS = ['ketama-weighted', 'ketama', 'consistent', 'ketama-spy', 'modula'];

export const libmemcached: ProfileEntry = {
  name: 'libmemcached',
  summary: 'is libmemcached by its distribution: ketama with or without weights, consistent, or modula',
  source: 'libmemcached 1.1.4, src/libmemcached/hosts.cc, src/libhashkit',
  can: CLIENT,
  options: { distribution: 'ketama-weighted', hash: 'md5' },
  choices: { distribution: DISTRIBUTIONS, hash: Object.keys(libmemcachedHashes) },
  make:
    () =>
    (servers, { distribution = 'ketama-weighted', hash: name = 'md5' } = {}) => {
      if (!DISTRIBUTIONS.includes(String(distribution))) throw unknownName('distribution', String(distribution), DISTRIBUTIONS); // prettier-ignore
      const hash = hashNamed(libmemcachedHashes, name);
      const spied = ({ address }: { address: string }): string => `/${address}`;
      return continuumScheme(servers, {
        program: 'libmemcached',
        weights: WEIGHTS,
        hash,
        modulo: distribution === 'modula',
        points(members, weightOf) {
          if (distribution === 'modula') return row(members, () => 1);
          if (distribution === 'ketama-weighted')
            return weightedPoints(servers, members, weightOf, nameWithoutPort);
          return equalPoints(
            servers,
            members,
            POINTS,
            hash,
            distribution === 'ketama-spy' ? spied : nameWithoutPort,
          );
        },
      });
    },
};

export const twemproxy: ProfileEntry = {
  name: 'twemproxy',
  summary: 'is twemproxy by its distribution: ketama over any of its hashes, or modula by weight',
  source: 'twemproxy 0.5.0, src/hashkit/nc_ketama.c, nc_modula.c',
  can: CLIENT,
  options: { distribution: 'ketama', hash: 'fnv1a_64', hash_tag: '' },
  choices: { distribution: ['ketama', 'modula'], hash: Object.keys(twemproxyHashes) },
  make:
    () =>
    (servers, { distribution = 'ketama', hash: name = 'fnv1a_64', hash_tag: tag = '' } = {}) => {
      const hash = hashNamed(twemproxyHashes, name);
      const part = tagged(String(tag));
      const modulo = distribution === 'modula';
      if (!modulo && distribution !== 'ketama')
        throw unknownName('distribution', String(distribution), ['ketama', 'modula']);
      return continuumScheme(servers, {
        program: 'twemproxy',
        weights: modulo ? ROW_WEIGHTS : WEIGHTS,
        hash: (bytes) => hash(part(bytes)),
        modulo,
        points: (members, weightOf) =>
          modulo ? row(members, weightOf) : weightedPoints(servers, members, weightOf, labelOf),
      });
    },
};

/** A server's name where its line gives one apart from the address; else its address without the default port. */
function labelOf(server: Parameters<typeof nameWithoutPort>[0]): string {
  return server.name === server.address ? nameWithoutPort(server) : server.name;
}

/** The part of a key that `hash_tag` chooses: what stands between its two characters, or all where that is nothing. */
function tagged(tag: string): (key: Uint8Array) => Uint8Array {
  if (tag === '') return (key) => key;
  const marks = utf8(tag);
  if (marks.length !== 2)
    throw new InputError(`hash_tag is '${tag}'; twemproxy takes two characters, such as {}.`);
  const [open, close] = marks;
  return (key) => {
    const from = key.indexOf(open) + 1;
    const to = from === 0 ? -1 : key.indexOf(close, from);
    return to > from ? key.subarray(from, to) : key;
  };
}
