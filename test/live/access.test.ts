/** Who may change the fleet, and from where. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  accessTo,
  asksToken,
  checkedToken,
  isLoopback,
  keptToken,
  permitsOf,
  refusalOf,
  tokenIn,
} from '../../live/access.ts';
import { temporary } from '../temporary.ts';

const token = 'a-token-of-the-test-0123456789';

test.each([
  ['127.0.0.1', true],
  ['127.8.9.10', true],
  ['::1', true],
  ['LOCALHOST', true],
  ['0.0.0.0', false],
  ['::', false],
  ['10.0.0.7', false],
  ['127.0.0.1.example.org', false],
  ['lab', false],
])('%s is loopback: %s', (host, is) => {
  expect(isLoopback(host)).toBe(is);
});

describe('without a token', () => {
  it('anybody may on loopback, or where the port is declared open; nobody elsewhere', () => {
    expect(permitsOf({ host: '127.0.0.1', open: false, token: undefined })(undefined)).toBe(true);
    expect(permitsOf({ host: '0.0.0.0', open: true, token: undefined })(undefined)).toBe(true);
    const closed = permitsOf({ host: '0.0.0.0', open: false, token: undefined });
    for (const given of [undefined, '', 'Bearer ', 'Bearer undefined']) expect(closed(given)).toBe(false);
  });
});

describe('a web page', () => {
  const open = permitsOf({ host: '127.0.0.1', open: false, token: undefined });

  it.each(['http://localhost:8888', 'http://127.0.0.1', 'https://[::1]:3000'])(
    'of this machine, %s, may',
    (origin) => {
      expect(open(undefined, origin)).toBe(true);
    },
  );

  it.each([
    'https://example.org',
    'http://127.0.0.1.example.org',
    'http://localhost.example.org',
    'null',
    '',
    'http://10.0.0.7',
    'http://localhost, https://example.org',
  ])('of another, %j, may not, but with the token', (origin) => {
    expect(open(undefined, origin)).toBe(false);
    expect(refusalOf(open, undefined, origin)?.status).toBe(403);
    const closed = permitsOf({ host: '127.0.0.1', open: false, token });
    expect(closed(`Bearer ${token}`, origin)).toBe(true);
    expect(refusalOf(closed, 'Bearer x', origin)?.status).toBe(401);
  });
});

describe('with a token', () => {
  const permits = permitsOf({ host: '0.0.0.0', open: false, token });

  it('whoever has it may, and nobody else, whatever they send', () => {
    expect(permits(`Bearer ${token}`)).toBe(true);
    expect(permits(`bearer  ${token} `)).toBe(true);
    for (const given of [undefined, '', token, `Basic ${token}`, `Bearer ${token}x`, `Bearer x ${token}`]) {
      expect(permits(given)).toBe(false);
    }
    fc.assert(
      fc.property(fc.string(), (given) => {
        expect(permits(`Bearer ${given}`)).toBe(given.trim() === token);
      }),
    );
  });

  it('it is asked for on loopback too', () => {
    expect(asksToken({ host: '127.0.0.1', open: false, token })).toBe(true);
    expect(permitsOf({ host: '127.0.0.1', open: true, token })(undefined)).toBe(false);
  });
});

describe('a token', () => {
  it('that can be guessed or not be sent is refused in a sentence', () => {
    for (const bad of ['', 'short', 'x'.repeat(15), 'with a blank in the middle', 'ümläute-und-mehr-davon']) {
      expect(() => checkedToken(bad, 'EVENLY_TOKEN')).toThrow(
        'EVENLY_TOKEN must hold at least 16 printable characters without blanks.',
      );
    }
    expect(() => tokenIn('/nonexistent/token')).toThrow(
      "--token-file is '/nonexistent/token', which cannot be read.",
    );
  });

  it('that is made is random and for its owner’s eyes only; one in a file is read', () => {
    const directory = temporary();
    const path = join(directory, 'token');
    const made = keptToken(path);
    expect(made).toMatch(/^[\w-]{32}$/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toBe(`${made}\n`);
    expect(keptToken(path)).toBe(made);
    expect(keptToken(join(directory, 'other'))).not.toBe(made);
    writeFileSync(path, ` ${token}\r\n`);
    expect(tokenIn(path)).toBe(token);
  });
});

describe('what holds is said', () => {
  const path = (): string => join(temporary(), 'token');
  const at = (host: string, open = false) => ({ listen: { host }, admin: { host: '127.0.0.1' }, open });

  it('in a clause, and a token that is needed is made', () => {
    const opened = (clause: string): object => ({ clause: `open to changes ${clause}`, token: undefined });
    expect(accessTo(at('127.0.0.1'), path())).toEqual(opened('from this machine'));
    expect(accessTo(at('0.0.0.0', true), path())).toEqual(opened('by whoever reaches it'));
    const file = path();
    const made = accessTo(at('0.0.0.0'), file);
    expect(made).toEqual({ clause: `closed to changes without the token in ${file}`, token: tokenIn(file) });
    const given = accessTo({ ...at('0.0.0.0'), token }, path());
    expect(given).toEqual({ clause: 'closed to changes without the token', token });
  });
});
