/** Max-Forwards: a TRACE or OPTIONS that shows one hop of a chain after the other (RFC 9110 section 7.6.2). */
import { failure } from '../answer.ts';
import type { Fields } from '../http/fields.ts';
import type { RequestHead } from '../http/request-head.ts';
import type { Answer } from '../types.ts';

export const MAX_FORWARDS = 'max-forwards';
/** What of this may be asked of the gateway itself (RFC 9110 section 10.2.1). */
const ALLOW = 'Allow: OPTIONS\r\n';

/** The answer to a request that is to go no further than here, with lines of fields, or null. */
export function answerHere({ fields, method }: RequestHead): readonly [Answer, string] | null {
  if (method !== 'TRACE' && method !== 'OPTIONS') return null;
  if (hopsOf(fields) !== 0) return null;
  if (method === 'TRACE') return [failure('The gateway traces nothing', 405), ALLOW];
  return [{ status: 200, body: { message: 'This is the gateway', status: 'successful' } }, ALLOW];
}

/** The line for the next hop: one less, of whatever method, which the field means nothing to; '' where there is none. */
export function nextHops(fields: Fields): string {
  if (!fields.keys.includes(MAX_FORWARDS)) return '';
  const hops = hopsOf(fields);
  return Number.isNaN(hops) ? '' : `Max-Forwards: ${Math.max(0, hops - 1)}\r\n`;
}

/** NaN where it is no number, or not one alone. */
function hopsOf(fields: Fields): number {
  const text = fields.list(MAX_FORWARDS) ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : NaN;
}
