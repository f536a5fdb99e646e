/** The nodes of HAProxy's consistent hash: sixteen per weight, each an avalanched integer (lb_chash.c). */
import { fullHash } from '../../hash/avalanche.ts';
import { xxhash32 } from '../../hash/xxhash32.ts';
import { InputError } from '../../input-error.ts';
import { addressBytes } from '../address.ts';
import { bytesHash, utf8 } from '../bytes-hash.ts';
import { circle } from '../points.ts';
import type { Points } from '../points.ts';
import type { ServerLine } from '../types.ts';
import { SCALE } from './pool.ts';
import type { Pool } from './pool.ts';

/** Nodes that an id has room for: 256 weights of 16. Ids equal modulo 2^20 have the same nodes. */
const RANGE = 4096;
const xxh32 = bytesHash(xxhash32);

/** The nodes of these servers, all in one circle. */
export function nodesOf(pool: Pool, group: readonly number[]): Points {
  const bases = pool.servers.map((server, i) => nodeBase(server, pool.ids[i]));
  const counts = pool.servers.map((_, i) => (group.includes(i) ? pool.weight(i) * SCALE : 0));
  return circle(counts, (server, j) => fullHash((bases[server] + j) | 0));
}

/** What a server's nodes count up from: its id, or what `hash-key` names (3.0 and later). */
function nodeBase(server: ServerLine, id: number): number {
  const { hashKey = 'id', guid } = server;
  if (hashKey === 'id32') return fullHash(swapped(id));
  if (hashKey === 'addr') return ofAddress(server, 0);
  if (hashKey === 'addr-port') return ofAddress(server, fullHash(Number(splitAddress(server.address)[1])));
  if (hashKey === 'guid' && guid !== undefined) return xxh32(utf8(guid));
  return Math.imul(id, RANGE);
}

/** An IPv4 address counts as the integer that its bytes are in memory on a little-endian machine. */
function ofAddress(server: ServerLine, port: number): number {
  const [host] = splitAddress(server.address);
  const bytes = addressBytes(host);
  if (bytes === null)
    throw new InputError(`The server '${server.name}' is at '${server.address}', and hash-key ${server.hashKey ?? ''} hashes an IP address.`); // prettier-ignore
  if (bytes.length === 16) return xxh32(bytes, port);
  return fullHash((new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) + port) | 0);
}

/** Host and port of an address as HAProxy writes it. */
function splitAddress(address: string): [string, string] {
  const bare = address.replace(/^ipv[46]@/, '');
  const [, host = bare, port = '0'] = /^(.*):(\d*)$/.exec(bare) ?? [];
  return [host.replace(/^\[(.*)\]$/, '$1'), port];
}

function swapped(x: number): number {
  return ((x << 24) | ((x & 0xff00) << 8) | ((x >>> 8) & 0xff00) | (x >>> 24)) >>> 0;
}
