/** Which key a request has: a random id as the lab's requests carry, or a part of the request that people balance by. */
import { keyOfText } from '../../core/hash/integer.ts';
import { InputError, unknownName } from '../../core/input-error.ts';
import type { Key } from '../../core/types.ts';
import type { RequestHead } from '../http/request-head.ts';

/** What of a request can be its key. */
export interface Asking {
  readonly head: Pick<RequestHead, 'target' | 'fields'>;
  /** The client's address. */
  readonly client: string;
}

/** Reads a request's key. */
export type KeyOf = (request: Asking) => Key;

/** The notations of `--key`. */
export const keySources = ['random', 'header:NAME', 'cookie:NAME', 'path', 'query:NAME', 'client'] as const;

type Part = (request: Asking) => string | undefined;

const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;

/**
 * Makes a key reader from a notation such as `random` or `cookie:session`.
 *
 * With `random`, `?id=` and then `X-Request-Id` go before the random id, which makes a run repeatable. A request that
 * lacks the header, cookie or parameter of another source gets a random id too, so that such requests spread.
 * @param draw the next random id (LAB 2.2), from a seeded stream
 * @throws InputError for a source there is not, with the nearest one
 */
export function keyOf(spec: string, draw: () => Key): KeyOf {
  const [kind, ...rest] = spec.split(':');
  const name = rest.join(':');
  const part = partOf(spec, kind, name);
  return (request) => {
    const text = part(request);
    return text === undefined || text === '' ? draw() : keyOfText(text);
  };
}

function partOf(spec: string, kind: string, name: string): Part {
  const plain: { readonly [kind: string]: Part | undefined } = {
    random: (request) => query(request, 'id') ?? header(request, 'x-request-id'),
    path: ({ head }) => pathOf(head.target),
    client: ({ client }) => client,
  };
  const named: { readonly [kind: string]: Part | undefined } = {
    header: (request) => header(request, name.toLowerCase()),
    cookie: (request) => cookie(request, name),
    query: (request) => query(request, name),
  };
  const isNamed = Object.hasOwn(named, kind);
  const part = isNamed ? named[kind] : Object.hasOwn(plain, kind) ? plain[kind] : undefined;
  if (part === undefined)
    throw unknownName('key source (--key)', kind, [...Object.keys(plain), ...Object.keys(named)]);
  if (isNamed && !TOKEN.test(name)) {
    throw new InputError(`--key is '${spec}', but must name the ${kind}: ${kind}:NAME.`);
  }
  if (!isNamed && name !== '') throw new InputError(`--key is '${spec}', but ${kind} takes no name.`);
  return part;
}

/** The target without its query. */
export function pathOf(target: string): string {
  const end = target.indexOf('?');
  return end < 0 ? target : target.slice(0, end);
}

function header({ head }: Asking, name: string): string | undefined {
  return head.fields.get(name);
}

function cookie({ head }: Asking, name: string): string | undefined {
  const pairs = head.fields.get('cookie')?.split(';') ?? [];
  const found = pairs.map((pair) => pair.trim()).find((pair) => pair.startsWith(`${name}=`));
  return found?.slice(name.length + 1).replace(/^"(.*)"$/, '$1');
}

/** The parameter's first value. A target without the name, which is most of them, is not parsed. */
function query({ head: { target } }: Asking, name: string): string | undefined {
  const start = target.indexOf('?');
  if (start < 0) return undefined;
  return new URLSearchParams(target.slice(start + 1)).get(name) ?? undefined;
}
