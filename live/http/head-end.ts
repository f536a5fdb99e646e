/** Finds the end of a head in bytes that come in pieces, and tells early when there can be none. */
import { Malformed } from './malformed.ts';
import { CR, LF, tokenBytes } from './syntax.ts';

const EMPTY_LINE = Buffer.from('\r\n\r\n');

/** The index after the empty line, or -1 when it has not come yet. @throws Malformed when it is too far away */
export function endOfHead(bytes: Buffer, most: number): number {
  const at = bytes.indexOf(EMPTY_LINE);
  if (at > most || (at < 0 && bytes.length > most)) {
    const first = bytes.indexOf(LF);
    if (first < 0 || first > most) throw new Malformed(`its first line is longer than ${most} bytes`, 414);
    throw new Malformed(`its head is larger than ${most} bytes`, 431);
  }
  if (at >= 0) return at + EMPTY_LINE.length;
  if (bytes.length === 1 && bytes[0] === CR) return -1; // half an empty line, perhaps
  if (bytes.length > 0 && tokenBytes[bytes[0]] !== 1) throw new Malformed('it does not begin as HTTP does');
  for (let lf = bytes.indexOf(LF); lf >= 0; lf = bytes.indexOf(LF, lf + 1)) {
    if (lf === 0 || bytes[lf - 1] !== CR) throw new Malformed('a line feed stands alone');
  }
  return -1;
}

/** How many bytes of empty lines stand before a request; they are to be overlooked (RFC 9112 section 2.2). */
export function emptyLines(bytes: Buffer): number {
  let at = 0;
  while (bytes[at] === CR && bytes[at + 1] === LF) at += 2;
  return at;
}
