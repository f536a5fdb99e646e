/** Ketama's points as its programs make them: MD5s of `NAME-k`, as many as a float's share of 40 a server. */
import type { BytesHash } from '../bytes-hash.ts';
import { utf8 } from '../bytes-hash.ts';
import { circle } from '../points.ts';
import type { Points } from '../points.ts';
import type { ServerLine } from '../types.ts';
import { md5Points } from './hashes.ts';

const DEFAULT_PORT = ':11211';

/** `host:port`, or the host alone at memcached's own port. */
export function nameWithoutPort({ address }: ServerLine): string {
  return address.endsWith(DEFAULT_PORT) ? address.slice(0, -DEFAULT_PORT.length) : address;
}

/** Points in proportion to weight: four from each of floor(share * 40 * servers) digests, in single precision. */
export function weightedPoints(
  servers: readonly ServerLine[],
  members: readonly number[],
  weightOf: (server: number) => number,
  nameOf: (server: ServerLine) => string,
): Points {
  const total = members.reduce((sum, server) => sum + weightOf(server), 0);
  const digests = members.map((server) => {
    const share = Math.fround(weightOf(server) / total);
    const scaled = Math.fround(Math.fround(share * 40) * members.length);
    return pointsNamed(nameOf(servers[server]), Math.floor(scaled), md5Points);
  });
  return spread(servers.length, members, digests);
}

/** So many points a server whatever its weight, each the hash of `NAME-k`. */
export function equalPoints(
  servers: readonly ServerLine[],
  members: readonly number[],
  each: number,
  hash: BytesHash,
  nameOf: (server: ServerLine) => string,
): Points {
  const hashes = members.map((server) =>
    pointsNamed(nameOf(servers[server]), each, (bytes) => [hash(bytes)]),
  );
  return spread(servers.length, members, hashes);
}

function pointsNamed(
  name: string,
  count: number,
  points: (bytes: Uint8Array) => readonly number[],
): number[] {
  return Array.from({ length: count }, (_, k) => points(utf8(`${name}-${k}`))).flat();
}

function spread(servers: number, members: readonly number[], values: readonly (readonly number[])[]): Points {
  const of = new Map(members.map((server, i) => [server, values[i]]));
  const counts = Array.from({ length: servers }, (_, server) => of.get(server)?.length ?? 0);
  return circle(counts, (server, j) => of.get(server)?.[j] ?? 0);
}

/** A row in which each server stands as often as its weight says. */
export function row(members: readonly number[], times: (server: number) => number): Points {
  const servers = Int32Array.from(members.flatMap((server) => new Array<number>(times(server)).fill(server)));
  return { servers, values: Uint32Array.from(servers.keys()) };
}
