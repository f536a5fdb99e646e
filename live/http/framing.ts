/** How long a message's body is, and what its connection may do afterwards: RFC 9112 sections 6.3 and 9.3. */
import type { Fields } from './fields.ts';
import { Malformed } from './malformed.ts';

/** No body, so many bytes, chunks, or everything until the connection closes. */
export type Framing = 'none' | 'length' | 'chunked' | 'close';

/** What the fields of a head say of the message's own connection. */
export interface Transfer {
  chunked: boolean;
  /** The Content-Length, or -1 when there is none. */
  length: number;
  keepAlive: boolean;
  /** Names in Connection, in lower case, other than close and keep-alive; undefined for none. */
  nominated: string[] | undefined;
}

/**
 * Reads Content-Length, Transfer-Encoding and Connection.
 * @throws Malformed where two readers could see two different bodies: a length that is repeated or no plain number,
 *   a length beside chunks, a coding other than chunked, chunks in HTTP/1.0
 */
export function transferOf({ keys, values }: Fields, minor: number): Transfer {
  const found: Transfer = { chunked: false, length: -1, keepAlive: minor === 1, nominated: undefined };
  let close = false;
  for (let i = 0; i < keys.length; i++) {
    if (keys[i] === 'content-length') readLength(found, values[i]);
    else if (keys[i] === 'transfer-encoding') readCoding(found, values[i], minor);
    else if (keys[i] === 'connection') close = readConnection(found, values[i]) || close;
  }
  if (close) found.keepAlive = false;
  if (found.chunked && found.length >= 0) throw new Malformed('it has a length and chunks');
  return found;
}

function readLength(found: Transfer, value: string): void {
  if (found.length >= 0) throw new Malformed('its length is given twice');
  if (!/^\d{1,15}$/.test(value)) throw new Malformed('its length is not a number');
  found.length = Number(value);
}

function readCoding(found: Transfer, value: string, minor: number): void {
  if (minor === 0) throw new Malformed('HTTP/1.0 has no transfer coding');
  if (found.chunked) throw new Malformed('its transfer coding is given twice');
  if (!/^chunked$/i.test(value)) {
    const known = /^[^,]+,[^]*chunked$/i.test(value) && !/chunked[^]*chunked/i.test(value);
    throw new Malformed('its transfer coding is not chunked', known ? 501 : 400);
  }
  found.chunked = true;
}

/** True when it says that the connection closes, which outweighs all else. */
function readConnection(found: Transfer, value: string): boolean {
  let close = false;
  for (const part of value.toLowerCase().split(',')) {
    const option = part.trim();
    if (option === 'close') close = true;
    else if (option === 'keep-alive') found.keepAlive = true;
    else if (option !== '') (found.nominated ??= []).push(option);
  }
  return close;
}
