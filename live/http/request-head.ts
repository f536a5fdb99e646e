/** The head of a request, read strictly, so that gateway and replica cannot disagree on what it says: RFC 9112. */
import { parseFields } from './fields.ts';
import type { Fields, HeadLimits } from './fields.ts';
import { transferOf } from './framing.ts';
import type { Framing } from './framing.ts';
import { emptyLines, endOfHead } from './head-end.ts';
import { LastRead } from './last-read.ts';
import { Malformed } from './malformed.ts';
import { consistsOf, targetBytes, tokenBytes } from './syntax.ts';
import { HOST, destination } from './target.ts';

/** What a head says after its target. */
export interface AfterTarget {
  /** Of HTTP/1: 0 or 1. */
  readonly minor: number;
  readonly host: string | undefined;
  readonly fields: Fields;
  readonly framing: Framing;
  /** The Content-Length, or -1. */
  readonly length: number;
  readonly keepAlive: boolean;
  readonly nominated: readonly string[] | undefined;
  /** The client waits for a 100 before it sends the body. */
  readonly expectsContinue: boolean;
  /** What it would switch to, in lower case. */
  readonly upgrade: string | undefined;
}

/** What a client asks. */
export interface RequestHead extends AfterTarget {
  readonly method: string;
  /** In origin form, or `*`. */
  readonly target: string;
}

/** Reads what comes after the target, from the version on; for one connection, whose requests mostly say the same. */
export type RestReader = LastRead<AfterTarget>;

export function restReader(limits: HeadLimits): RestReader {
  return new LastRead((text) => parseAfterTarget(text, limits));
}

/**
 * The first request in bytes, and where its head ends; null when its head has not come whole.
 * @throws Malformed with the status for the client
 */
export function firstRequest(
  bytes: Buffer,
  limits: HeadLimits,
  rest?: RestReader,
): { head: RequestHead; end: number } | null {
  const start = emptyLines(bytes);
  const length = endOfHead(start === 0 ? bytes : bytes.subarray(start), limits.headBytes);
  if (length < 0) return null;
  const end = start + length;
  return { head: parseRequestHead(bytes.latin1Slice(start, end), limits, rest), end };
}

/** Reads a whole head, the empty line included. @throws Malformed with the status for the client */
export function parseRequestHead(text: string, limits: HeadLimits, rest?: RestReader): RequestHead {
  const lineEnd = text.indexOf('\r\n');
  const first = text.indexOf(' ');
  const last = text.lastIndexOf(' ', lineEnd);
  if (first <= 0 || last <= first || last > lineEnd) throw new Malformed('its first line is no request line');
  const method = text.slice(0, first);
  const raw = text.slice(first + 1, last);
  if (!consistsOf(method, tokenBytes)) throw new Malformed('its method is not legal');
  if (!consistsOf(raw, targetBytes)) throw new Malformed('The request target is not valid');
  const after = text.slice(last + 1);
  const said = rest === undefined ? parseAfterTarget(after, limits) : rest.of(after);
  const { minor, fields, framing, length, keepAlive, nominated, expectsContinue, upgrade } = said;
  const { target, host } = destination(method, raw, said.host);
  return { method, target, minor, host, fields, framing, length, keepAlive, nominated, expectsContinue, upgrade }; // prettier-ignore
}

/** Reads a head from its version on. @throws Malformed with the status for the client */
function parseAfterTarget(text: string, limits: HeadLimits): AfterTarget {
  const lineEnd = text.indexOf('\r\n');
  const minor = minorVersion(text.slice(0, lineEnd));
  const fields = parseFields(text, lineEnd + 2, text.length - 2, limits.fields);
  const { chunked, length, keepAlive, nominated } = transferOf(fields, minor);
  const framing = chunked ? 'chunked' : length > 0 ? 'length' : 'none';
  return {
    minor,
    host: hostOf(fields, minor),
    fields,
    framing,
    length,
    keepAlive,
    nominated,
    expectsContinue: expects(fields, minor) && framing !== 'none',
    // HTTP/1.0 knows no upgrade, and a 101 would be none of its answers (RFC 9110 section 7.8).
    upgrade:
      minor === 1 && nominated?.includes('upgrade') ? fields.list('upgrade')?.toLowerCase() : undefined,
  };
}

/**
 * What comes after 1.1 is read as 1.1, the highest that is spoken here (RFC 9110 section 2.5).
 * @throws Malformed for another major version, or for what is none
 */
export function minorVersion(version: string): number {
  if (version === 'HTTP/1.1') return 1;
  if (version === 'HTTP/1.0') return 0;
  if (/^HTTP\/1\.\d$/.test(version)) return 1;
  throw new Malformed('its version is not HTTP/1.1', /^HTTP\/\d\.\d$/.test(version) ? 505 : 400);
}

function hostOf(fields: Fields, minor: number): string | undefined {
  const at = fields.keys.indexOf('host');
  if (at < 0 && minor === 1) throw new Malformed('it has no Host');
  if (at >= 0 && fields.keys.includes('host', at + 1)) throw new Malformed('it has two Hosts');
  if (at >= 0 && !HOST.test(fields.values[at])) throw new Malformed('its Host is not legal');
  return at < 0 ? undefined : fields.values[at];
}

function expects(fields: Fields, minor: number): boolean {
  const expectation = fields.list('expect');
  if (expectation === undefined || minor === 0) return false;
  if (expectation.toLowerCase() !== '100-continue') throw new Malformed('its expectation is unknown', 417);
  return true;
}
