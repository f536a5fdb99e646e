/** Which key a request has, for every source that people choose. */
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../core/input-error.ts';
import { keyOf } from '../../../live/gateway/key.ts';
import type { Asking } from '../../../live/gateway/key.ts';
import { parseRequestHead } from '../../../live/http/request-head.ts';

const request = (target: string, headers: Record<string, string> = {}): Asking => {
  const lines = Object.entries({ host: 'lab', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `GET ${target} HTTP/1.1\r\n${lines.join('')}\r\n`;
  return { head: parseRequestHead(head, { headBytes: 16_384, fields: 100 }), client: '192.0.2.7' };
};
const DRAWN = 555_555;
const key = (spec: string, from: Asking): unknown => keyOf(spec, () => DRAWN)(from);

describe('a key', () => {
  it('is random unless the request has an id: ?id= first, then X-Request-Id', () => {
    expect(key('random', request('/home'))).toBe(DRAWN);
    expect(key('random', request('/home?id=132574'))).toBe(132_574);
    expect(key('random', request('/home?a=1&id=b%20c'))).toBe('b c');
    expect(key('random', request('/home', { 'x-request-id': '7' }))).toBe(7);
    expect(key('random', request('/home?id=1', { 'x-request-id': '7' }))).toBe(1);
    expect(key('random', request('/home?id='))).toBe(DRAWN);
  });

  it.each([
    ['header:X-User', request('/', { 'x-user': 'ann' }), 'ann'],
    ['cookie:session', request('/', { cookie: 'a=1; session="s1"; b=2' }), 's1'],
    ['cookie:a', request('/', { cookie: 'session=a=2; a=1' }), 1],
    ['path', request('/a/b?c=d'), '/a/b'],
    ['query:user', request('/?user=bob+x&id=3'), 'bob x'],
    ['client', request('/'), '192.0.2.7'],
  ])('by %s is read from the request', (spec, from, expected) => {
    expect(key(spec, from)).toBe(expected);
  });

  it('that a request lacks is random', () => {
    for (const spec of ['header:X-User', 'cookie:session', 'query:user']) {
      expect(key(spec, request('/?id=1'))).toBe(DRAWN);
    }
  });

  it('is a number only in canonical digits that a number can hold', () => {
    const of = (text: string): unknown => key('header:k', request('/', { k: text }));
    expect(of('0')).toBe(0);
    expect(of('999999999999999')).toBe(999_999_999_999_999);
    for (const text of ['007', '1e3', '-1', '1.0', '9999999999999999']) expect(of(text)).toBe(text);
  });

  it('of no known source is refused, with the nearest one', () => {
    expect(() => keyOf('quary:id', () => 0)).toThrow("the nearest is 'query'");
    expect(() => keyOf('header', () => 0)).toThrow('header:NAME');
    expect(() => keyOf('path:x', () => 0)).toThrow(InputError);
    expect(() => keyOf('constructor', () => 0)).toThrow(InputError);
  });
});
