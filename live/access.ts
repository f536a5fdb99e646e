/** Who may change the fleet: anybody where only this machine can reach the port, whoever has the token elsewhere. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import { InputError } from '../core/input-error.ts';

/** The variable that the token is handed to gateways by: not a flag, since those are there for all to see. */
export const TOKEN_VARIABLE = 'EVENLY_TOKEN';

/** A token that can be guessed is none. */
const LEAST_CHARACTERS = 16;
const RANDOM_BYTES = 24;

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Says whether an Authorization field lets its sender change things, who may be a web page of that Origin. */
export type Permits = (authorization: string | undefined, origin?: string) => boolean;

/** What is said to whoever may not. */
export interface Refused {
  readonly status: 401 | 403;
  readonly message: string;
}

const NO_TOKEN = 'Changes need the token of this gateway, as Authorization: Bearer TOKEN';
const FOREIGN_PAGE = 'Without a token changes are not taken from web pages of other hosts than localhost';

/** What decides about one listener. */
export interface AccessOptions {
  readonly host: string;
  /** True: as on loopback, whatever the address; for a port that is published on loopback only. */
  readonly open: boolean;
  readonly token?: string | undefined;
}

/** Whether only this machine can reach an address. A name counts when it is localhost. */
export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true;
  const family = isIP(host);
  return family !== 0 && loopback.check(host, family === 6 ? 'ipv6' : 'ipv4');
}

/** Whether a listener asks for the token. One that has been given is asked for everywhere. */
export function asksToken({ host, open, token }: AccessOptions): boolean {
  return token !== undefined || (!open && !isLoopback(host));
}

/** What is wrong with a request for changes, or null. */
export function refusalOf(permits: Permits, authorization?: string, origin?: string): Refused | null {
  if (permits(authorization, origin)) return null;
  return permits(authorization) ? { status: 403, message: FOREIGN_PAGE } : { status: 401, message: NO_TOKEN };
}

/**
 * Whether a web page is of this machine. Browsers send what any page on the net tells them to, and reach loopback too, by a
 * name of the page's own if need be (DNS rebinding); other programs send no Origin.
 */
function isLocalPage(origin: string): boolean {
  return URL.canParse(origin) && isLoopback(new URL(origin).hostname.replace(/^\[(.*)\]$/, '$1'));
}

/**
 * Compares by hashes of equal length and in constant time, so that nothing can be learnt from how long it takes.
 * Where a token is asked for and there is none, nobody may.
 */
export function permitsOf(options: AccessOptions): Permits {
  if (!asksToken(options)) return (_, origin) => origin === undefined || isLocalPage(origin);
  const { token } = options;
  if (token === undefined) return () => false;
  const expected = digest(token);
  return (authorization = '') => {
    const given = /^Bearer +([^ ]+) *$/i.exec(authorization)?.[1] ?? '';
    return timingSafeEqual(digest(given), expected);
  };
}

/** Reads a token. @throws InputError when it is one that can be guessed or that no header can carry */
export function checkedToken(text: string, from: string): string {
  const token = text.trim();
  if (/^[\x21-\x7e]+$/.test(token) && token.length >= LEAST_CHARACTERS) return token;
  throw new InputError(`${from} must hold at least ${LEAST_CHARACTERS} printable characters without blanks.`);
}

/** Reads a token from a file. @throws InputError when there is none */
export function tokenIn(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new InputError(`--token-file is '${path}', which cannot be read.`);
  }
  return checkedToken(text, `--token-file '${path}'`);
}

/** The token in a file that only its owner can read; makes it, where there is none. */
export function keptToken(path: string): string {
  if (existsSync(path)) return tokenIn(path);
  const token = randomBytes(RANDOM_BYTES).toString('base64url');
  writeFileSync(path, `${token}\n`, { mode: 0o600, flag: 'wx' });
  return token;
}

/** What of a gateway's configuration concerns access. */
export interface Listeners {
  readonly listen: { readonly host: string };
  readonly admin: { readonly host: string };
  readonly open: boolean;
  readonly token?: string | undefined;
}

/** Who may change things. */
export interface Access {
  /** In a clause. */
  readonly clause: string;
  /** What gateways are to ask for, if anything. */
  readonly token: string | undefined;
}

/** What holds for these listeners. A token that is needed and was not given is kept beside the control socket. */
export function accessTo({ listen, admin, open, token }: Listeners, path: string): Access {
  const asked = [listen, admin].some(({ host }) => asksToken({ host, open, token }));
  if (asked) {
    const which = token === undefined ? ` in ${path}` : '';
    return { clause: `closed to changes without the token${which}`, token: token ?? keptToken(path) };
  }
  const whom = open && !isLoopback(listen.host) ? 'by whoever reaches it' : 'from this machine';
  return { clause: `open to changes ${whom}`, token: undefined };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
