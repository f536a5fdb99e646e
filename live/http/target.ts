/** The four forms of a request target, made one: RFC 9112 section 3.2. */
import { Malformed } from './malformed.ts';

/** Where a request goes: what the replica gets as target, and the host that it is for. */
export interface Destination {
  readonly target: string;
  readonly host: string | undefined;
}

/** What may stand in a Host field, or in the authority of a target. */
export const HOST = /^(?:\[[0-9A-Fa-f:.]+\]|[\w.~!$&'()*+,;=%-]*)(?::\d{0,5})?$/;

/**
 * The target in origin form. That of a proxy's request loses its scheme, and its authority takes the place of the Host
 * field, which must be ignored then (section 3.2.2).
 * @param host as the Host field has it, which is legal
 * @throws Malformed for a target that is none, and for CONNECT
 */
export function destination(method: string, target: string, host: string | undefined): Destination {
  if (method === 'CONNECT') throw new Malformed('this is no tunnel', 501);
  if (target.startsWith('/')) return { target, host };
  if (target === '*' && method === 'OPTIONS') return { target, host };
  const match = /^https?:\/\/([^/?]+)(.*)$/i.exec(target);
  // An empty host is no http URI (RFC 9110 section 4.2.1).
  if (!match || !HOST.test(match[1]) || match[1].startsWith(':'))
    throw new Malformed('The request target is not valid');
  const [, authority, rest] = match;
  if (rest === '') return { target: method === 'OPTIONS' ? '*' : '/', host: authority };
  return { target: rest.startsWith('?') ? `/${rest}` : rest, host: authority };
}
