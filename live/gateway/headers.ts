/** What a gateway does to header fields, as lines of text: RFC 9110 sections 7.6.1 and 7.6.3. */
import type { Fields } from '../http/fields.ts';
import type { RequestHead } from '../http/request-head.ts';
import type { ResponseHead } from '../http/response-head.ts';
import { httpDate } from './http-date.ts';
import { MAX_FORWARDS, nextHops } from './max-forwards.ts';

/** Fields that concern one connection only, or the framing, which is written anew. */
const HOP_BY_HOP = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'proxy-authorization'],
  ...['te', 'transfer-encoding', 'content-length', 'upgrade'],
]);

/** Of a request also those that are written anew. */
const REWRITTEN = new Set([
  ...HOP_BY_HOP,
  ...['host', 'expect', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'via', MAX_FORWARDS],
]);

const PSEUDONYM = 'evenly';

/**
 * The head that the replica gets: the client's fields, less those of this hop, and who forwards them for whom. Worked out
 * once where a connection's heads have their fields in common, since so are client and upgrade.
 * @param upgrade the protocol that the client may switch to, or undefined
 */
export function requestHead(head: RequestHead, client: string, upgrade: string | undefined): string {
  const { fields, host, method, target } = head;
  if (fields.passedOn === null || fields.passedFor !== host) {
    fields.passedOn = afterLine(head, client, upgrade);
    fields.passedFor = host;
  }
  return `${method} ${target} HTTP/1.1\r\n${fields.passedOn}`;
}

function afterLine(head: RequestHead, client: string, upgrade: string | undefined): string {
  const { fields, framing, length, minor } = head;
  const host = head.host ?? '';
  let text = `Host: ${host}\r\n${lines(fields, REWRITTEN, head.nominated)}`;
  if (framing === 'chunked') text += 'Transfer-Encoding: chunked\r\n';
  else if (length >= 0) text += `Content-Length: ${length}\r\n`;
  if (head.expectsContinue) text += 'Expect: 100-continue\r\n';
  if (upgrade !== undefined) text += `Connection: Upgrade\r\nUpgrade: ${upgrade}\r\n`;
  text += `X-Forwarded-For: ${after(fields.list('x-forwarded-for'), client)}\r\nX-Forwarded-Proto: http\r\n`;
  if (head.host !== undefined) text += `X-Forwarded-Host: ${host}\r\n`;
  return `${text}${nextHops(fields)}Via: ${after(fields.list('via'), `1.${minor} ${PSEUDONYM}`)}\r\n\r\n`;
}

/** The fields that the client gets of a replica's answer; a Date is added where there is none (RFC 9110 section 6.6.1). */
export function responseFields({ fields, nominated, status }: ResponseHead): string {
  const text = (fields.passedOn ??= lines(fields, HOP_BY_HOP, nominated));
  return status < 200 || fields.keys.includes('date') ? text : `${text}Date: ${httpDate()}\r\n`;
}

/** The lines that go on. */
function lines(
  { names, keys, values }: Fields,
  dropped: ReadonlySet<string>,
  nominated: readonly string[] | undefined,
): string {
  let text = '';
  for (let i = 0; i < names.length; i++) {
    if (dropped.has(keys[i]) || nominated?.includes(keys[i])) continue;
    // CGI and its heirs do not tell X_Forwarded_For from X-Forwarded-For.
    if (keys[i].includes('_') && dropped.has(keys[i].replaceAll('_', '-'))) continue;
    text += `${names[i]}: ${values[i]}\r\n`;
  }
  return text;
}

/** A list's further element, after those that came. */
function after(list: string | undefined, element: string): string {
  return list === undefined ? element : `${list}, ${element}`;
}
