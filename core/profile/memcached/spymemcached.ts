/** spymemcached's locators: ketama with its own order of retries, and the array (KetamaNodeLocator.java). */
import { unknownName } from '../../input-error.ts';
import { utf8 } from '../bytes-hash.ts';
import type { BytesHash } from '../bytes-hash.ts';
import type { Points } from '../points.ts';
import type { ProfileEntry, ServerLine } from '../types.ts';
import { continuumScheme } from './continuum.ts';
import { CLIENT, hashNamed } from './entries.ts';
import { javaHashes, md5First } from './hashes.ts';
import { equalPoints, nameWithoutPort, row, weightedPoints } from './ketama.ts';

const WEIGHTS = { min: 1, max: 2_147_483_647 };
const POINTS = 160;
/** Searches for a live server before giving up. */
const TRIES = 7;

/** The servers that the iterator yields for a key: each search adds the hash of `n` and the key to the one before. */
export function searches(key: Uint8Array, hash: BytesHash, find: (hash: number) => number): number[] {
  let at = hash(key);
  return Array.from({ length: TRIES }, (_, n) => {
    const found = find(at);
    at = (at + hash(new Uint8Array([...utf8(String(n)), ...key]))) >>> 0;
    return found;
  });
}

/** Later points replace equal ones, as in a map. */
function lastOfTwins({ values, servers }: Points): Points {
  const kept = [...values.keys()].filter((i) => values[i] !== values[i + 1]);
  return {
    values: Uint32Array.from(kept, (i) => values[i]),
    servers: Int32Array.from(kept, (i) => servers[i]),
  };
}

function spy(
  servers: readonly ServerLine[],
  given: Readonly<Record<string, unknown>> = {},
): ReturnType<typeof continuumScheme> {
  const { locator = 'ketama', hash: name = 'KETAMA_HASH', format = 'SPYMEMCACHED' } = given;
  if (locator !== 'ketama' && locator !== 'array')
    throw unknownName('locator', String(locator), ['ketama', 'array']);
  if (format !== 'SPYMEMCACHED' && format !== 'LIBMEMCACHED')
    throw unknownName('format', String(format), ['SPYMEMCACHED', 'LIBMEMCACHED']);
  const hash = hashNamed(javaHashes, name);
  const label = ({ address, ...rest }: ServerLine): string =>
    format === 'LIBMEMCACHED' ? nameWithoutPort({ ...rest, address: rest.hashText ?? address }) : address;
  const distinct = (found: readonly number[], n: number): number[] => [...new Set(found)].slice(0, n);

  if (locator === 'array')
    return continuumScheme(servers, {
      program: 'spymemcached',
      weights: WEIGHTS,
      hash,
      modulo: true,
      points: (members) => row(members, () => 1),
    });
  return continuumScheme(servers, {
    program: 'spymemcached',
    weights: WEIGHTS,
    hash,
    modulo: false,
    points: (members, weightOf) =>
      lastOfTwins(
        hash === md5First
          ? weightedPoints(servers, members, weightOf, label)
          : equalPoints(servers, members, POINTS, hash, label),
      ),
    next: (key, find, n) => distinct(searches(key, hash, find), n),
  });
}

export const spymemcached: ProfileEntry = {
  name: 'spymemcached',
  summary: 'is spymemcached: its ketama locator in either format of names, or its array locator',
  source: 'spymemcached 2.12.3, KetamaNodeLocator.java, ArrayModNodeLocator.java',
  can: CLIENT,
  options: { locator: 'ketama', hash: 'KETAMA_HASH', format: 'SPYMEMCACHED' },
  choices: {
    locator: ['ketama', 'array'],
    hash: Object.keys(javaHashes),
    format: ['SPYMEMCACHED', 'LIBMEMCACHED'],
  },
  make: () => spy,
};
