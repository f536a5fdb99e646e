/** nginx `hash` without `consistent`: fifteen bits of CRC-32 modulo the weights (ngx_http_upstream_hash_module.c). */
import { crc32Memcached } from '../../hash/crc32-memcached.ts';
import { bytesHash, utf8 } from '../bytes-hash.ts';
import { NOBODY } from '../types.ts';
import type { ProfileEntry, Scheme, ServerLine } from '../types.ts';
import { hashingScheme } from './request.ts';
import type { Candidates } from './request.ts';
import { turnsOf } from './turns.ts';
import type { Turns } from './turns.ts';

const fold = bytesHash(crc32Memcached);

/** The server whose weight covers the position, among those that are no backups, in the file's order. */
export function serverAt(position: number, servers: readonly ServerLine[], turns: Turns): number {
  let rest = position;
  for (const [i, { backup }] of servers.entries()) {
    if (backup) continue;
    if (rest < turns.weight(i)) return i;
    rest -= turns.weight(i);
  }
  throw new RangeError(`no server at ${position}`);
}

function plainHash(servers: readonly ServerLine[]): Scheme {
  const turns = turnsOf(servers);

  function candidates(key: Uint8Array): Candidates | null {
    if (key.length === 0) return null;
    const hash = fold(key);
    let sum = hash;
    let rehash = 0;
    return {
      hash,
      movesOn: true,
      position: () => sum % turns.total(),
      servers: () => [serverAt(sum % turns.total(), servers, turns)],
      advance: () => void (sum += fold(new Uint8Array([...utf8(String(++rehash)), ...key]))),
    };
  }

  const first = (key: Uint8Array): number =>
    key.length === 0 ? NOBODY : serverAt(fold(key) % turns.total(), servers, turns);
  return hashingScheme(servers, turns, { unit: 'slot', candidates, first, rebuild() {} });
}

export const nginxHash: ProfileEntry = {
  name: 'nginx-hash',
  summary:
    'is nginx with `hash`: 15 bits of CRC-32 modulo the total weight, rehashed past servers that are down',
  source: 'nginx 1.22, ngx_http_upstream_hash_module.c',
  can: { removes: 'any', weights: true, keys: true, state: 'none', reweights: true },
  options: {},
  make: () => plainHash,
};
