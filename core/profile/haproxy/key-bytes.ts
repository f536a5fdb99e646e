/** Which bytes of a request HAProxy hashes, by its `balance` line (backend.c, get_server_uh, _ph, _hh). */
import type { HaproxyOptions } from './options.ts';

const SLASH = 0x2f;
const QUESTION = 0x3f;
const DOT = 0x2e;
const COMMA = 0x2c;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The part of the key that counts, or null where HAProxy takes no hash and goes round robin. */
export function keyPart(key: Uint8Array, options: HaproxyOptions): Uint8Array | null {
  if (options.balance === 'uri') return uriPart(key, options);
  if (options.balance === 'hdr') return headerPart(key, options);
  return key;
}

/** Up to `len` bytes, up to the slash after `depth` levels, and up to the question mark unless `whole`. */
function uriPart(uri: Uint8Array, { len, depth, whole, pathOnly }: HaproxyOptions): Uint8Array {
  const from = pathOnly ? pathOf(uri) : uri;
  const most = len > 0 ? Math.min(len, from.length) : from.length;
  let slashes = 0;
  for (let i = 0; i < most; i++) {
    if (from[i] === SLASH && ++slashes === depth + 1 && depth > 0) return from.subarray(0, i);
    if (from[i] === QUESTION && !whole) return from.subarray(0, i);
  }
  return from.subarray(0, most);
}

/** A URI without `http://host` before its path. */
function pathOf(uri: Uint8Array): Uint8Array {
  if (uri[0] === SLASH) return uri;
  const scheme = uri.findIndex((byte, i) => byte === SLASH && uri[i + 1] === SLASH);
  const slash = scheme < 0 ? uri.indexOf(SLASH) : uri.indexOf(SLASH, scheme + 2);
  return slash < 0 ? uri : uri.subarray(slash);
}

/** The header's first value between commas; null when that is empty. */
function headerPart(key: Uint8Array, { domainOnly }: HaproxyOptions): Uint8Array | null {
  const value = headerValue(key, 'first');
  if (value.length === 0) return null;
  return domainOnly ? domainPart(value) : value;
}

/** A header's first or last value between commas, without the blanks around it, or all of its text. */
export function headerValue(header: Uint8Array, which: string): Uint8Array {
  if (which === 'whole') return header;
  const whole = trimmed(header);
  let [from, to] = [0, endOfValue(whole, 0)];
  while (which === 'last' && to < whole.length) [from, to] = [to + 1, endOfValue(whole, to + 1)];
  return trimmed(whole.subarray(from, to));
}

/** Where the first comma outside of quotes is, from a place on. */
function endOfValue(bytes: Uint8Array, from: number): number {
  let quoted = false;
  for (let i = from; i < bytes.length; i++) {
    if (quoted && bytes[i] === BACKSLASH) i++;
    else if (bytes[i] === QUOTE) quoted = !quoted;
    else if (bytes[i] === COMMA && !quoted) return i;
  }
  return bytes.length;
}

function trimmed(bytes: Uint8Array): Uint8Array {
  const blank = (byte: number): boolean => byte === 0x20 || byte === 0x09;
  let [from, to] = [0, bytes.length];
  while (from < to && blank(bytes[from])) from++;
  while (to > from && blank(bytes[to - 1])) to--;
  return bytes.subarray(from, to);
}

/**
 * The label before the last dot, one byte of it at least: `example` of `www.example.com`; all where no dot is.
 * HAProxy also looks at the byte after the header's value, and where that is a dot by chance it takes the last label.
 */
function domainPart(host: Uint8Array): Uint8Array {
  const end = host.lastIndexOf(DOT);
  if (end < 1) return host;
  let from = end - 1;
  while (from > 0 && host[from - 1] !== DOT) from--;
  return host.subarray(from, end);
}
