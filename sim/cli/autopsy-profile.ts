/** `lab autopsy --profile …`, or of a balancer's own configuration: a real balancer's load taken apart. */
import { InputError } from '../../core/input-error.ts';
import { utf8 } from '../../core/profile/bytes-hash.ts';
import { NOBODY } from '../../core/profile/types.ts';
import type { Scheme } from '../../core/profile/types.ts';
import { stream } from '../../core/random/stream.ts';
import { autopsy } from '../../core/stats/autopsy.ts';
import type { Autopsy } from '../../core/stats/autopsy.ts';
import { tables } from '../../core/tables.ts';
import type { Key, Replica } from '../../core/types.ts';
import { backendOf, schemeOf } from './source.ts';
import type { SourceFlags } from './source.ts';

/** Random keys that measure what each server owns; chance adds less than 0.0011 to a share. */
const PROBES = 200_000;
const OCTET = 256;

/** The scheme that the flags name. @throws InputError where keys decide nothing. */
export function keyedScheme(flags: SourceFlags): Scheme {
  const backend = backendOf(flags);
  if (tables.profiles.choose(backend.profile).entry.can.keys) return schemeOf(backend);
  throw new InputError(`${backend.profile} looks at no key, so there is no hash to take apart; 'lab sim' shows how it spreads requests.`); // prettier-ignore
}

/** Takes the load apart. Keys are bytes, each written as the UTF-16 units of a text, so that none is lost. */
export function autopsyOfScheme(scheme: Scheme, requests: ReadonlyMap<string, number>): Autopsy {
  const locate = (key: Key): number => ownerOf(scheme, Buffer.from(String(key), 'latin1'));
  const positions = sharesOf(scheme);
  const found = autopsy({ locate, shares: () => positions }, replicasOf(scheme), requests);
  const { key, share } = found.hottest;
  return { ...found, hottest: { key: Buffer.from(String(key), 'latin1').toString('utf8'), share } };
}

function ownerOf(scheme: Scheme, key: Uint8Array): number {
  const server = scheme.locate(key);
  if (server !== NOBODY) return server;
  throw new InputError('No server is up to take a key: all are down, or weigh nothing.');
}

/** Each server with the weight that counts: none for one that is down, nor for a backup that is not needed. */
function replicasOf({ servers }: Scheme): Replica[] {
  const needed = (backup: boolean): boolean => !backup || servers.every((one) => one.backup || one.down || one.weight === 0); // prettier-ignore
  return servers.map(({ name, weight, down, backup }, handle) => ({
    handle,
    id: handle,
    name,
    weight: down || !needed(backup) ? 0 : weight,
  }));
}

/** What each server owns, by keys that are as random as can be: real balancers tell no exact shares. */
function sharesOf(scheme: Scheme): Map<number, number> {
  const random = stream(42, 'keys');
  const shares = new Map(scheme.servers.map((_, server) => [server, 0]));
  for (let i = 0; i < PROBES; i++) {
    const octets = Array.from({ length: 4 }, () => Math.floor(random() * OCTET));
    const server = ownerOf(scheme, utf8(octets.join('.')));
    shares.set(server, (shares.get(server) ?? 0) + 1 / PROBES);
  }
  return shares;
}
