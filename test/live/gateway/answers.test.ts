/** Replicas whose answers are not what they should be: what can be read in two ways reaches nobody, and nobody gets another's. */
import { describe, expect, it } from 'vitest';
import { gatewayBefore, raw, rawServer, readyAt, until } from './stage.ts';

const host = 'Host: lab\r\n';
const statusesIn = (said: string): number[] =>
  [...said.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

describe('an answer of a replica', () => {
  const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
  const evil = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil';
  type Case = readonly [what: string, answer: string, method: string, expected: RegExp];
  const cases: readonly Case[] = [
    ['to HEAD with a body', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil', 'HEAD', /^HTTP\/1\.1 200 OK\r\n[^]*\r\nContent-Length: 4\r\n\r\n$/],
    ['to HEAD with chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nevil\r\n0\r\n\r\n', 'HEAD', /^HTTP\/1\.1 200 OK\r\n(?:[\w-]+: .*\r\n)+\r\n$/],
    ['204 with a body', `HTTP/1.1 204 No Content\r\nContent-Length: ${evil.length}\r\n\r\n${evil}`, 'GET', /^HTTP\/1\.1 204 No Content\r\n(?:(?!Content-Length)[\w-]+: .*\r\n)+\r\n$/],
    ['304 with a body', `HTTP/1.1 304 Not Modified\r\nContent-Length: ${evil.length}\r\n\r\n${evil}`, 'GET', /^HTTP\/1\.1 304 Not Modified\r\n(?:[\w-]+: .*\r\n)+\r\n$/],
    ['with another after it', ok + evil, 'GET', /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nok$/],
    ['with a length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nevil\r\n0\r\n\r\n', 'GET', /^HTTP\/1\.1 502 /],
    ['with two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nevils', 'GET', /^HTTP\/1\.1 502 /],
    ['with a list of lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 4, 4\r\n\r\nevil', 'GET', /^HTTP\/1\.1 502 /],
    ['with a folded field', 'HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n', 'GET', /^HTTP\/1\.1 502 /],
    ['with line feeds alone', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n', 'GET', /^HTTP\/1\.1 502 /],
    ['with a NUL in a field', 'HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n', 'GET', /^HTTP\/1\.1 502 /],
    ['that is HTTP/0.9', 'hello\r\n\r\n', 'GET', /^HTTP\/1\.1 502 /],
    ['that is HTTP/2', 'HTTP/2 200 OK\r\nContent-Length: 0\r\n\r\n', 'GET', /^HTTP\/1\.1 502 /],
    ['that is HTTP/2.0', 'HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n', 'GET', /^HTTP\/1\.1 502 /],
    ['that is HTTP/1.10', 'HTTP/1.10 200 OK\r\nContent-Length: 0\r\n\r\n', 'GET', /^HTTP\/1\.1 502 /],
    ['that is HTTP/1.2 with a length and chunks', 'HTTP/1.2 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nevil\r\n0\r\n\r\n', 'GET', /^HTTP\/1\.1 502 /],
    ['that is HTTP/1.2', ok.replace('1.1', '1.2'), 'GET', /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nok$/],
    ['of chunks in HTTP/1.9', 'HTTP/1.9 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n', 'GET', /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n2\r\nok\r\n0\r\n\r\n$/],
    ['that is a flood of 1xx', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(1000), 'GET', /^(?:HTTP\/1\.1 102 Processing\r\n\r\n){1,40}HTTP\/1\.1 502 /],
    ['with a head without end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}`, 'GET', /^HTTP\/1\.1 502 /],
    ['that switches unasked', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nevil', 'GET', /^HTTP\/1\.1 502 /],
    ['with fields of its hop', 'HTTP/1.1 200 OK\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nContent-Length: 2\r\n\r\nok', 'GET', /^(?![^]*X-Hop)(?![^]*Keep-Alive)HTTP\/1\.1 200 OK\r\n[^]*ok$/],
    ['of chunks in capitals and with extensions', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA;x=y\r\n0123456789\r\n0\r\nX-Sum: 1\r\nContent-Length: 9\r\n\r\n', 'GET', /\r\na\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\n$/],
  ]; // prettier-ignore

  it.each(cases)('%s reaches nobody it was not for', async (_what, answer, method, expected) => {
    let asked = 0;
    const port = await rawServer((socket) =>
      socket.on('data', () => {
        asked++;
        if (asked === 1) socket.write(answer, 'latin1');
        else socket.write(ok);
      }),
    );
    const { gateway } = await gatewayBefore(readyAt(port), { retries: 0, ejectMs: 1, waitMs: 0 });
    const first = await raw(gateway.url, `${method} /a HTTP/1.1\r\n${host}\r\n`, 80, 1);
    expect(first.replace(/X-Replica: .*\r\n/, '')).toMatch(expected);
    expect(first).not.toContain('evil\r\nHTTP');
    await until(async () => {
      const second = await raw(gateway.url, `GET /b HTTP/1.1\r\n${host}\r\n`, 80, 1);
      expect(second).not.toContain('evil');
      return /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nok$/.test(second);
    });
  });

  it('that breaks off shows as broken: fewer bytes than its length, or no last chunk', async () => {
    for (const framing of ['Content-Length: 200000', 'Transfer-Encoding: chunked']) {
      const port = await rawServer((socket) =>
        socket.once('data', () => {
          const part = framing.startsWith('T') ? '4\r\npart\r\n' : 'part';
          socket.write(`HTTP/1.1 200 OK\r\n${framing}\r\n\r\n${part}`, () => setTimeout(() => socket.destroy(), 20)); // prettier-ignore
        }),
      );
      const { gateway } = await gatewayBefore(readyAt(port));
      const said = await raw(gateway.url, `GET /a HTTP/1.1\r\n${host}\r\n`, 1000);
      expect(said).toContain(framing);
      expect(said).toMatch(/part(?:\r\n)?$/);
      await expect(fetch(gateway.url).then((response) => response.text())).rejects.toThrow();
    }
  });

  it('before the request has ended leaves the client in step', async () => {
    const { gateway } = await gatewayBefore(
      readyAt(
        await rawServer((socket) =>
          socket.on('data', (bytes) => bytes.includes('HTTP/1.1') && socket.write(ok)),
        ),
      ),
    );
    const body = 'x'.repeat(200_000);
    const said = await raw(gateway.url, [`POST /a HTTP/1.1\r\n${host}Content-Length: ${body.length}\r\n\r\n${body.slice(0, 1000)}`, body.slice(1000), `GET /next HTTP/1.1\r\n${host}\r\n`], 200, 2); // prettier-ignore
    expect(statusesIn(said)).toEqual([200, 200]);
  });
});
