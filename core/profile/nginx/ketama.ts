/** nginx `hash … consistent`: 160 points per unit of weight, chained CRC-32s (ngx_http_upstream_hash_module.c). */
import { crc32 } from '../../hash/crc32.ts';
import { InputError } from '../../input-error.ts';
import { bytesHash, utf8 } from '../bytes-hash.ts';
import { circle, firstAtLeast, withoutTwins } from '../points.ts';
import type { Points } from '../points.ts';
import { NOBODY } from '../types.ts';
import type { ProfileEntry, Scheme, ServerLine } from '../types.ts';
import { hashingScheme } from './request.ts';
import type { Candidates } from './request.ts';
import { turnsOf } from './turns.ts';
import type { Turns } from './turns.ts';

const POINTS_PER_WEIGHT = 160;
const MOST_POINTS = 1 << 24;

const crc = bytesHash(crc32);

/** HOST, NUL, PORT of a server as written, and four bytes for the point before. */
export function pointBase(address: string): Uint8Array {
  const unix = /^unix:/i.test(address);
  const [, host, port] = unix
    ? ['', address.slice(5), '']
    : (/^(.*):(\d*)$/s.exec(address) ?? ['', address, '']);
  return new Uint8Array([...utf8(host), 0, ...utf8(port), 0, 0, 0, 0]);
}

/** A server's points: each hashes the base and the point before, the first a zero. */
function chain(server: ServerLine, weight: number): Uint32Array {
  const base = pointBase(server.address);
  const tail = new DataView(base.buffer, base.length - 4);
  return Uint32Array.from({ length: weight * POINTS_PER_WEIGHT }, () => {
    const point = crc(base);
    tail.setUint32(0, point, true);
    return point;
  });
}

function pointsOf(servers: readonly ServerLine[], turns: Turns): Points {
  const weights = servers.map(({ backup }, i) => (backup ? 0 : turns.weight(i)));
  const count = weights.reduce((total, weight) => total + weight, 0) * POINTS_PER_WEIGHT;
  if (count > MOST_POINTS) {
    throw new InputError(
      `Weights of ${count / POINTS_PER_WEIGHT} in all make ${count} points; ${MOST_POINTS} is the most here, so divide them all by the same number.`,
    );
  }
  const chains = servers.map((server, i) => chain(server, weights[i]));
  return withoutTwins(circle(chains.map(({ length }) => length), (server, j) => chains[server][j])); // prettier-ignore
}

function ketama(given: readonly ServerLine[]): Scheme {
  const turns = turnsOf(given);
  let points = pointsOf(given, turns);
  const named = namesakes(given);

  function candidates(key: Uint8Array): Candidates | null {
    if (key.length === 0) return null;
    const hash = crc(key);
    let at = firstAtLeast(points.values, hash);
    const index = (): number => at % points.values.length;
    return {
      hash,
      movesOn: false,
      position: () => points.values[index()],
      servers: () => named[points.servers[index()]],
      advance: () => {
        at++;
      },
    };
  }

  function first(key: Uint8Array): number {
    if (key.length === 0) return NOBODY;
    const at = firstAtLeast(points.values, crc(key));
    const server = points.servers[at < points.values.length ? at : 0];
    return named[server].length === 1 ? server : NOBODY;
  }

  return hashingScheme(given, turns, {
    unit: 'point',
    candidates,
    first,
    rebuild: () => void (points = pointsOf(given, turns)),
  });
}

/** For each server those of its name, itself among them: nginx gives them the same points. */
function namesakes(servers: readonly ServerLine[]): readonly (readonly number[])[] {
  const byName = new Map<string, number[]>();
  for (const [i, { name }] of servers.entries()) byName.set(name, [...(byName.get(name) ?? []), i]);
  return servers.map(({ name }) => byName.get(name) ?? []);
}

export const nginxKetama: ProfileEntry = {
  name: 'nginx-ketama',
  summary: 'is nginx with `hash … consistent`: 160 points per weight, the first one at or after the key',
  source: 'nginx 1.22, ngx_http_upstream_hash_module.c',
  can: { removes: 'any', weights: true, keys: true, state: 'none', reweights: true },
  options: {},
  make: () => ketama,
};
