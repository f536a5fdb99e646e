/** What a gateway does to header fields, as flat lists of names and values: RFC 9110 sections 7.6.1 and 7.6.3. */
import type { IncomingMessage } from 'node:http';

/** Fields that concern one connection only, or that the next hop writes anew. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** `expect` was answered by this server already; the forwarding fields are written anew. */
const REWRITTEN = new Set(['expect', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'via']);

const PSEUDONYM = 'evenly';

/** The names in Connection, lower case, or undefined when they are of no consequence. */
function nominated(connection: string | undefined): Set<string> | undefined {
  if (connection === undefined || /^(?:keep-alive|close)$/i.test(connection)) return undefined;
  return new Set(
    connection
      .toLowerCase()
      .split(',')
      .map((name) => name.trim()),
  );
}

/** The fields that the replica gets: the client's, less those of this hop, and who forwarded them for whom. */
export function requestHeaders(request: IncomingMessage): string[] {
  const { rawHeaders: raw, headers } = request;
  const dropped = nominated(headers.connection);
  const kept: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i].toLowerCase();
    if (HOP_BY_HOP.has(name) || REWRITTEN.has(name) || dropped?.has(name)) continue;
    kept.push(raw[i], raw[i + 1]);
  }
  const client = plainAddress(request.socket.remoteAddress ?? 'unknown');
  kept.push('X-Forwarded-For', after(headers['x-forwarded-for'], client));
  kept.push('X-Forwarded-Proto', 'http');
  if (headers.host !== undefined) kept.push('X-Forwarded-Host', headers.host);
  kept.push('Via', after(headers.via, `${request.httpVersion} ${PSEUDONYM}`));
  return kept;
}

/** The fields that the client gets of a replica's answer, which come as pairs of byte strings. */
export function responseHeaders(raw: readonly Buffer[]): string[] {
  const kept: string[] = [];
  let dropped: Set<string> | undefined;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i].toString('latin1');
    const lower = name.toLowerCase();
    const value = raw[i + 1].toString('latin1');
    if (lower === 'connection') dropped = nominated(value) ?? dropped;
    if (!HOP_BY_HOP.has(lower)) kept.push(name, value);
  }
  return dropped ? without(kept, dropped) : kept;
}

function without(fields: readonly string[], dropped: ReadonlySet<string>): string[] {
  return fields.filter((_, i) => !dropped.has(fields[i - (i % 2)].toLowerCase()));
}

/** A list's further element, after those that came. */
function after(list: string | string[] | undefined, element: string): string {
  return list === undefined ? element : `${String(list)}, ${element}`;
}

/** An IPv4 address as it is written, also where the socket shows it as IPv6. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}
