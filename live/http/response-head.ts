/** The head of a replica's answer, read as strictly as a request's: an answer that could be read in two ways is none. */
import { parseFields } from './fields.ts';
import type { Fields, HeadLimits } from './fields.ts';
import { transferOf } from './framing.ts';
import type { Framing } from './framing.ts';
import { Malformed } from './malformed.ts';
import { consistsOf, valueBytes } from './syntax.ts';

/** What a replica answers. */
export interface ResponseHead {
  readonly status: number;
  readonly reason: string;
  readonly fields: Fields;
  readonly framing: Framing;
  /** The Content-Length, or -1; also where there is no body, as after HEAD. */
  readonly length: number;
  readonly keepAlive: boolean;
  readonly nominated: readonly string[] | undefined;
}

/** A later HTTP/1 is read as 1.1 (RFC 9110 section 2.5). */
const LINE = /^HTTP\/1\.(\d) ([1-9]\d\d)(?: (.*))?$/;

/** Reads a whole head, the empty line included. @throws Malformed */
export function parseResponseHead(text: string, method: string, limits: HeadLimits): ResponseHead {
  const lineEnd = text.indexOf('\r\n');
  const match = LINE.exec(text.slice(0, lineEnd));
  if (!match) throw new Malformed('its first line is no status line');
  const [, minor, code, reason = ''] = match as unknown as [string, string, string, string | undefined];
  if (reason !== '' && !consistsOf(reason, valueBytes)) throw new Malformed('its reason is not legal');
  const status = Number(code);
  const fields = parseFields(text, lineEnd + 2, text.length - 2, limits.fields);
  const { chunked, length, keepAlive, nominated } = transferOf(fields, minor === '0' ? 0 : 1);
  const framing = hasNoBody(method, status)
    ? 'none'
    : chunked
      ? 'chunked'
      : length > 0
        ? 'length'
        : length === 0
          ? 'none'
          : 'close';
  return { status, reason, fields, framing, length, keepAlive: keepAlive && framing !== 'close', nominated };
}

/** Whether an answer has no body whatever its fields say (RFC 9112 section 6.3). */
export function hasNoBody(method: string, status: number): boolean {
  return method === 'HEAD' || status < 200 || status === 204 || status === 304;
}
