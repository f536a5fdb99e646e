/** A second battery of raw bytes: the tricks of request smuggling, one by one. */
import { describe, expect, it } from 'vitest';
import { backend, gatewayBefore, raw, readyAt, text } from './stage.ts';

const host = 'Host: lab\r\n';
const next = `GET /next HTTP/1.1\r\n${host}\r\n`;
const post = (fields: string, body = ''): string => `POST /p HTTP/1.1\r\n${host}${fields}\r\n${body}`;
const zero = '0\r\n\r\n';
const smuggled = `GET /smuggled HTTP/1.1\r\n${host}\r\n`;

const statusesIn = (said: string): number[] =>
  [...said.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

/** A replica that notes every request with its body, and the fields that frame it. */
async function noting(): Promise<{ port: number; seen: string[]; fields: string[] }> {
  const seen: string[] = [];
  const fields: string[] = [];
  const port = await backend((request, response) => {
    fields.push(request.rawHeaders.join('\n').toLowerCase());
    text(request).then(
      (body) => {
        seen.push(`${request.method ?? ''} ${request.url ?? ''} ${body}`);
        response.end('ok');
      },
      () => undefined, // a body that breaks off is no request
    );
  });
  return { port, seen, fields };
}

describe('codings that are written so that one reader sees chunks and another does not', () => {
  const refused = [
    ...['chunked, identity', 'identity, chunked', 'chunked;q=1', 'chunked;', ',chunked', 'chunked,', 'chunked chunked'],
    ...['chunke\td', "'chunked'", 'chunked\x0b', '\x0cchunked', '\xa0chunked', 'chunked\x85', 'chu', 'cow', 'chunkedx'],
    ...['deflate', 'compress, chunked, gzip', 'x,chunked', '', 'chunked\0'],
  ]; // prettier-ignore

  it.each(refused)('Transfer-Encoding: %j is refused, with a length beside it or not', async (coding) => {
    const { port, seen } = await noting();
    const { gateway } = await gatewayBefore(readyAt(port));
    for (const length of ['', 'Content-Length: 4\r\n']) {
      const said = await raw(gateway.url, post(`${length}Transfer-Encoding: ${coding}\r\n`, `${zero}${smuggled}`), 60, 1); // prettier-ignore
      expect(said).toMatch(/^HTTP\/1\.1 (?:400|501) [^]*\r\nConnection: close\r\n/);
      expect(statusesIn(said)).toHaveLength(1);
    }
    expect(seen).toEqual([]);
  });

  it.each(['\tchunked', ' \t chunked \t', 'CHUNKED', 'Chunked'])('Transfer-Encoding:%j is chunks', async (coding) => {
    const { port, seen } = await noting();
    const { gateway } = await gatewayBefore(readyAt(port));
    const said = await raw(gateway.url, post(`Transfer-Encoding:${coding}\r\n`, `1\r\na\r\n${zero}${next}`), 60, 2); // prettier-ignore
    expect(statusesIn(said)).toEqual([200, 200]);
    expect(seen).toEqual(['POST /p a', 'GET /next ']);
  }); // prettier-ignore
});

describe('lengths that two readers could take for two', () => {
  it.each(['1,', ',1', '1, 2', '1;', '1.0', '1e1', '0x4', '4 ', '４', '+4', '-0', '4\0', '"4"', '4 4', '1_0', '0b1', 'four', '9007199254740993'])(
    'Content-Length: %j',
    async (length) => {
      const { port, seen } = await noting();
      const { gateway } = await gatewayBefore(readyAt(port));
      const said = await raw(gateway.url, post(`Content-Length: ${length}\r\n`, `abcd${next}`), 60, 1);
      const trimmed = length === '4 '; // a blank at the end is none of the value
      expect(statusesIn(said)).toEqual(trimmed ? [200, 200] : [400]);
      expect(seen).toEqual(trimmed ? ['POST /p abcd', 'GET /next '] : []);
    },
  ); // prettier-ignore
});

describe('chunks that go on for ever', () => {
  it.each([
    ['an extension that is very long', `1;${'x'.repeat(5000)}\r\na\r\n${zero}`],
    ['a size of zeros without end', `${'0'.repeat(5000)}\r\n\r\n`],
    ['a size that overflows 64 bits', `10000000000000001\r\na\r\n${zero}`],
    ['a size that overflows 32 bits', `100000001\r\na\r\n${zero}${next}`],
    ['a size with an underscore', `1_0\r\na\r\n${zero}`],
    ['a blank before the size', ` 1\r\na\r\n${zero}`],
    ['a carriage return alone after the size', `1\ra\r\n${zero}`],
    ['a NUL in an extension', `1;a\0b\r\na\r\n${zero}`],
    ['a trailer that is folded', `1\r\na\r\n0\r\nX: 1\r\n 2\r\n\r\n`],
    ['trailers without end', `0\r\n${'X: 1\r\n'.repeat(200)}\r\n`],
  ])('%s', async (what, body) => {
    const { port, seen } = await noting();
    const { gateway } = await gatewayBefore(readyAt(port), { clientBodyMs: 150 });
    const said = await raw(gateway.url, post('Transfer-Encoding: chunked\r\n', body), 400, 1);
    expect(statusesIn(said)).toEqual([what.includes('32 bits') ? 408 : what.startsWith('trailers') ? 431 : 400]);
    expect(seen).toEqual([]);
  }); // prettier-ignore
});

describe('what the replica gets to see', () => {
  it('are no fields that it could take for those of framing, of this hop, or of who asks', async () => {
    const { port, fields } = await noting();
    const { gateway } = await gatewayBefore(readyAt(port));
    const twins = 'Content_Length: 9\r\nTransfer_Encoding: chunked\r\nX_Forwarded_For: 6.6.6.6\r\nX-Kept_So: 1\r\n';
    const hop = 'Connection: close, X-Forwarded-For, Transfer-Encoding\r\nX-Forwarded-For: 1.2.3.4\r\nTE: trailers\r\n';
    await raw(gateway.url, post(`Content-Length: 0\r\n${twins}${hop}`), 100, 1);
    const [names] = fields;
    for (const gone of ['content_length', 'transfer_encoding', 'x_forwarded_for', '\nte\n']) {
      expect(names).not.toContain(gone);
    }
    expect(names).toContain('x-kept_so');
    expect(names).toContain('x-forwarded-for\n1.2.3.4, 127.0.0.1');
  }); // prettier-ignore

  it('are trailers without the fields that frame, route or authenticate', async () => {
    let trailers: string[] = [];
    const port = await backend((request, response) => {
      request.resume().on('end', () => {
        trailers = request.rawTrailers;
        response.end();
      });
    });
    const { gateway } = await gatewayBefore(readyAt(port));
    const bad = ['Content-Length: 5', 'Transfer-Encoding: chunked', 'Host: evil', 'Authorization: x', 'Cookie: a', 'Content-Type: x', 'Connection: close', 'X_Forwarded_For: 6', 'X-Forwarded-For: 6']; // prettier-ignore
    const said = await raw(gateway.url, post('Transfer-Encoding: chunked\r\n', `0\r\n${bad.join('\r\n')}\r\nX-Sum: 1\r\n\r\n${next}`), 60, 2); // prettier-ignore
    expect(statusesIn(said)).toEqual([200, 200]);
    await raw(gateway.url, post('Transfer-Encoding: chunked\r\n', `0\r\n${bad.join('\r\n')}\r\nX-Sum: 1\r\n\r\n`), 60, 1); // prettier-ignore
    expect(trailers).toEqual(['X-Sum', '1']);
  });

  it('is the request before a bad one, and nothing after it', async () => {
    const { port, seen } = await noting();
    const { gateway } = await gatewayBefore(readyAt(port));
    const said = await raw(gateway.url, `${next}BAD\r\n\r\n${smuggled}`, 60, 2);
    expect(statusesIn(said)).toEqual([200, 400]);
    expect(seen).toEqual(['GET /next ']);
  });

  it('is no h2c and no WebSocket with a body that hides a request', async () => {
    const { port, seen, fields } = await noting();
    const { gateway } = await gatewayBefore(readyAt(port));
    const h2c = `GET /h HTTP/1.1\r\n${host}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n`; // prettier-ignore
    const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
    expect(statusesIn(await raw(gateway.url, h2c + preface, 60, 2))).toEqual([200, 505]);
    expect(fields[0]).not.toMatch(/upgrade|http2-settings/);
    const socket = `GET /ws HTTP/1.1\r\n${host}Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`; // prettier-ignore
    const said = await raw(gateway.url, socket + next, 100, 2);
    expect(statusesIn(said)).toEqual([200, 200]);
    expect(seen.slice(1)).toEqual([`GET /ws ${smuggled}`, 'GET /next ']);
  });

  it('of an upgrade that it refused is what follows as requests, each checked', async () => {
    const { port, seen } = await noting();
    const { gateway } = await gatewayBefore(readyAt(port));
    const upgrade = `GET /ws HTTP/1.1\r\n${host}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 777\r\n\r\n`; // prettier-ignore
    expect(statusesIn(await raw(gateway.url, `${upgrade}${next}BAD\r\n\r\n`, 60, 3))).toEqual([
      200, 200, 400,
    ]);
    expect(seen).toEqual(['GET /ws ', 'GET /next ']);
  });
});

describe('HTTP/1.0', () => {
  it.each([
    ['without a Host', 'GET /a HTTP/1.0\r\n\r\n', [200]],
    ['that keeps its connection', `GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /b HTTP/1.0\r\n\r\n`, [200, 200]],
    ['with a length', 'POST /a HTTP/1.0\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\naGET /b HTTP/1.0\r\n\r\n', [200, 200]],
    ['with a coding', 'POST /a HTTP/1.0\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n0\r\n\r\nGET /b HTTP/1.0\r\n\r\n', [400]],
    ['that expects to go on', 'POST /a HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\na', [200]],
  ])('%s', async (_what, bytes, statuses) => {
    const { gateway } = await gatewayBefore(readyAt((await noting()).port));
    expect(statusesIn(await raw(gateway.url, bytes, 80, statuses.length))).toEqual(statuses);
  }); // prettier-ignore
});
