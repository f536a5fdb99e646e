/** HAProxy's `balance` and `hash-type` lines as a profile and its options (backend.c, cfgparse-listen.c). */
import { nearest } from '../input-error.ts';
import type { ProfileOptions } from '../profile/types.ts';
import type { Line } from './haproxy-syntax.ts';
import { atLine } from './types.ts';

/** Which turns or keys a `balance` line means. */
export interface Balance {
  /** 'hash', or the profile of turns. */
  readonly method: string;
  readonly options: ProfileOptions;
}

const TURNS: Readonly<Record<string, string>> = {
  roundrobin: 'haproxy-roundrobin',
  'static-rr': 'haproxy-static-rr',
  first: 'haproxy-first',
  leastconn: 'haproxy-leastconn',
};
const NO_KEYS: Readonly<Record<string, string>> = {
  random: 'it chooses at random, not by key',
  'rdp-cookie': 'its fall-backs are not known here',
  'log-hash': 'it is for logs',
  sticky: 'it is for logs',
};
const KNOWN = [
  ...Object.keys(TURNS),
  ...Object.keys(NO_KEYS),
  'source',
  'uri',
  'url_param',
  'hdr(NAME)',
  'hash',
];

/** Reads the words after `balance`. */
export function readBalance({ words, line }: Line): Balance {
  const [, method = '', ...rest] = words;
  if (Object.hasOwn(TURNS, method)) return { method: TURNS[method], options: {} };
  const kind = method.replace(/\(.*$/, '');
  if (Object.hasOwn(NO_KEYS, kind))
    throw atLine(line, `'balance ${kind}' cannot be answered key for key: ${NO_KEYS[kind]}.`);
  return { method: 'hash', options: { balance: kind, ...keyOptions(method, rest, line) } };
}

function keyOptions(method: string, rest: readonly string[], line: number): ProfileOptions {
  if (method === 'source') return none(rest, line);
  if (method === 'uri') return uriOptions(rest, line);
  if (method === 'url_param') return parameterOptions(rest, line);
  if (/^hdr\([^()]+\)$/.test(method)) return headerOptions(rest, line);
  if (method === 'hash') return expressionOptions(rest, line);
  throw atLine(line, `'balance ${method}' is unknown; the nearest is '${nearest(method, KNOWN)}'.`);
}

function none(rest: readonly string[], line: number): ProfileOptions {
  if (rest.length > 0) throw atLine(line, `'${rest[0]}' means nothing in this 'balance' line.`);
  return {};
}

function uriOptions(rest: readonly string[], line: number): ProfileOptions {
  let options: ProfileOptions = {};
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at];
    if (word === 'whole') options = { ...options, whole: true };
    else if (word === 'path-only') options = { ...options, pathOnly: true };
    else if (['len', 'depth'].includes(word) && /^[1-9]\d*$/.test(rest.at(at + 1) ?? ''))
      options = { ...options, [word]: Number(rest[++at]) };
    else throw atLine(line, `'balance uri' has '${word}', which must be len N, depth N, whole or path-only.`);
  }
  return options;
}

/** `check_post` looks for the parameter in bodies too; the key is its value wherever it was found. */
function parameterOptions([name, ...rest]: readonly (string | undefined)[], line: number): ProfileOptions {
  if (name === undefined) throw atLine(line, "'balance url_param' needs the parameter's name.");
  const [post, size, ...more] = rest;
  if (post !== undefined && (post !== 'check_post' || more.length > 0 || !/^\d*$/.test(size ?? '')))
    throw atLine(line, `'${post}' means nothing in this 'balance' line.`);
  return {};
}

function headerOptions(rest: readonly string[], line: number): ProfileOptions {
  if (rest[0] !== 'use_domain_only') return none(rest, line);
  none(rest.slice(1), line);
  return { domainOnly: true };
}

/** An expression: a fetch, whose value the keys are, and converters. An address is hashed as its bytes. */
function expressionOptions([expression = '', ...rest]: readonly string[], line: number): ProfileOptions {
  none(rest, line);
  const [, fetch = '', converters = ''] =
    /^([\w.]+(?:\([^()]*\))?)((?:,[\w.]+(?:\(\d*\))?)*)$/.exec(expression) ?? [];
  if (fetch === '')
    throw atLine(line, `the expression '${expression}' is not understood; write FETCH[,CONVERTER]….`);
  if (/^(src|dst|rand|uuid|date)\b/.test(fetch))
    throw atLine(line, `'${fetch}' is no text; for the client's address use 'balance source'.`);
  return { converters: converters.slice(1), ...occurrenceOf(fetch, line) };
}

/** `req.hdr(name)` takes the last of the header's values, or the one that is counted from either end. */
function occurrenceOf(fetch: string, line: number): ProfileOptions {
  const header = /^(?:req\.)?hdr\([^,()]*(?:,\s*(-?\d+))?\)$/.exec(fetch) as (string | undefined)[] | null;
  const values: Readonly<Record<string, string>> = { '1': 'first', '-1': 'last' };
  if (!header) return {};
  const value = (values as Readonly<Partial<typeof values>>)[header[1] ?? '-1'];
  if (value !== undefined) return { value };
  throw atLine(line, `'${fetch}' takes one of several values; only the first (1) and the last (-1) are known here.`); // prettier-ignore
}

/** Reads the words after `hash-type`. */
export function readHashType({ words, line }: Line): {
  readonly consistent: boolean;
  readonly options: ProfileOptions;
} {
  const [, type, hash, modifier, ...more] = words as readonly (string | undefined)[];
  if (type !== 'consistent' && type !== 'map-based')
    throw atLine(line, `hash-type is '${type ?? ''}'; it must be 'consistent' or 'map-based'.`);
  const hashes = ['sdbm', 'djb2', 'wt6', 'crc32', 'none'];
  if (hash !== undefined && !hashes.includes(hash))
    throw atLine(line, `the hash function is '${hash}'; it must be one of ${hashes.join(', ')}.`);
  if ((modifier !== undefined && modifier !== 'avalanche') || more.length > 0)
    throw atLine(line, `'${modifier ?? ''}' after the hash function must be 'avalanche' or absent.`);
  const options = hash === undefined ? {} : { hash, avalanche: modifier !== undefined };
  return { consistent: type === 'consistent', options };
}
