/** Writes a body in chunks: RFC 9112 section 7.1. */
import type { Fields } from './fields.ts';
import type { Outlet } from './outlet.ts';

/** Fields that a recipient could take for part of the head must not come after it (RFC 9110 section 6.5.1). */
const NO_TRAILERS = new Set([
  ...['transfer-encoding', 'content-length', 'content-encoding', 'content-type', 'content-range', 'trailer'],
  ...['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'],
  ...['host', 'connection', 'keep-alive', 'proxy-connection', 'te', 'upgrade', 'expect', 'max-forwards'],
  ...[
    'authorization',
    'proxy-authorization',
    'proxy-authenticate',
    'www-authenticate',
    'set-cookie',
    'cookie',
  ],
]);

/** Writes bytes as one chunk. */
export function writeChunk(outlet: Outlet, bytes: Buffer, lent: boolean): void {
  if (bytes.length === 0) return; // it would be the last one
  outlet.text(`${bytes.length.toString(16)}\r\n`);
  outlet.bytes(bytes, lent);
  outlet.text('\r\n');
}

/** The chunk that ends a body, with its trailers. */
export function lastChunk(trailers: Fields | null): string {
  let text = '0\r\n';
  for (let i = 0; i < (trailers?.names.length ?? 0); i++) {
    if (trailers && !NO_TRAILERS.has(trailers.keys[i].replaceAll('_', '-')))
      text += `${trailers.names[i]}: ${trailers.values[i]}\r\n`;
  }
  return `${text}\r\n`;
}
