/** What comes too early, or in the wrong place: an answer before its request, a switch before its end, an upgrade in HTTP/1.0. */
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { gatewayBefore, raw, rawServer, readyAt, until } from './stage.ts';

const host = 'Host: lab\r\n';
const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const evil = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil';
const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\n';
const switched = `HTTP/1.1 101 Switching Protocols\r\n${upgrade}\r\n`;

/** A replica that answers with a text as soon as something comes, and what it has heard. */
async function answering(answer: string): Promise<{ port: number; heard: () => string }> {
  let heard = '';
  const port = await rawServer((socket) => {
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1');
      socket.write(answer);
    });
  });
  return { port, heard: () => heard };
}

describe('an answer that comes before its request was sent', () => {
  it("is nobody's: the request goes elsewhere", async () => {
    const sockets: Socket[] = [];
    const port = await rawServer((socket) => {
      sockets.push(socket.on('data', () => socket.write(ok)));
    });
    const { gateway } = await gatewayBefore(readyAt(port, port), { key: 'path' });
    const { hostname, port: at } = new URL(gateway.url);
    const client = connect({ host: hostname, port: Number(at), noDelay: true });
    let said = '';
    client.on('data', (bytes) => (said += bytes.toString('latin1')));
    client.write(`GET /a HTTP/1.1\r\n${host}\r\n`);
    await until(() => said.endsWith('ok'));
    said = '';
    // Both are there when the gateway looks next, and the request was read before the answer.
    client.write(`POST /a HTTP/1.1\r\n${host}Content-Length: 0\r\n\r\n`);
    sockets[0].write(evil);
    await until(() => /\r\n\r\n(?:ok|evil)$/.test(said));
    client.destroy();
    expect(said).toMatch(/ok$/);
    expect(sockets).toHaveLength(2);
  });
});

describe('a replica that switches protocols', () => {
  it('before it has the whole request gets none of the rest as bytes of the other protocol', async () => {
    const { port, heard } = await answering(switched);
    const { gateway } = await gatewayBefore(readyAt(port));
    const head = `POST /chat HTTP/1.1\r\n${host}${upgrade}Transfer-Encoding: chunked\r\n\r\n`;
    const { hostname, port: at } = new URL(gateway.url);
    const client = connect({ host: hostname, port: Number(at), noDelay: true });
    let said = '';
    client.on('data', (bytes) => (said += bytes.toString('latin1'))).on('error', () => undefined);
    client.write(`${head}5\r\nab`);
    await until(() => said.includes('\r\n\r\n'));
    client.write('cde\r\n0\r\n\r\n');
    await until(() => client.destroyed || said.endsWith('}'));
    client.destroy();
    expect(said).toMatch(/^HTTP\/1\.1 502 /);
    expect(heard()).not.toContain('cde');
  });

  it('is not asked to by a client of HTTP/1.0', async () => {
    const { port, heard } = await answering(ok);
    const { gateway } = await gatewayBefore(readyAt(port));
    const said = await raw(gateway.url, `GET /chat HTTP/1.0\r\n${host}${upgrade}\r\n`, 200, 1);
    expect(said).toMatch(/^HTTP\/1\.1 200 /);
    expect(heard()).not.toMatch(/upgrade/i);
  });
});

describe('an empty line before a request', () => {
  it.each([
    ['\r', `\nGET /a HTTP/1.1\r\n${host}\r\n`, /^HTTP\/1\.1 200 /],
    ['\r\n\r', `\nGET /a HTTP/1.1\r\n${host}\r\n`, /^HTTP\/1\.1 200 /],
    ['\r', `GET /a HTTP/1.1\r\n${host}\r\n`, /^HTTP\/1\.1 400 /],
  ])('may come in two pieces: %j and then %j', async (first, second, expected) => {
    const { port } = await answering(ok);
    const { gateway } = await gatewayBefore(readyAt(port));
    const { hostname, port: at } = new URL(gateway.url);
    const client = connect({ host: hostname, port: Number(at), noDelay: true });
    let said = '';
    client.on('data', (bytes) => (said += bytes.toString('latin1'))).on('error', () => undefined);
    client.write(first);
    await new Promise((resolve) => setTimeout(resolve, 20));
    client.write(second);
    await until(() => said.includes('\r\n\r\n'));
    client.destroy();
    expect(said).toMatch(expected);
  });
});

describe('an answer that turns out to be none before anything of it has left', () => {
  it.each(['zz\r\n', '2\r\nokX\r\n0\r\n\r\n', '2\r\nok\r\n0\r\nno trailer\r\n\r\n'])(
    '%j is a 502, not silence',
    async (chunks) => {
      const { port } = await answering(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`);
      const { gateway } = await gatewayBefore(readyAt(port), { retries: 0 });
      const said = await raw(gateway.url, `POST /a HTTP/1.1\r\n${host}\r\n`, 200, 1);
      expect(said).toMatch(/^HTTP\/1\.1 502 [^]*\}$/);
      expect(said.match(/HTTP\/1\.1/g)).toHaveLength(1);
    },
  );

  it('is asked for elsewhere where that may be done', async () => {
    const bad = await answering('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n');
    const good = await answering(ok);
    const { gateway } = await gatewayBefore(readyAt(bad.port, good.port), { outlierFailures: 1000 });
    for (let i = 0; i < 8; i++) {
      const said = await raw(gateway.url, `GET /a HTTP/1.1\r\n${host}Connection: close\r\n\r\n`, 200, 1);
      expect(said).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\nok$/);
    }
    expect(bad.heard()).not.toBe('');
  });
});
