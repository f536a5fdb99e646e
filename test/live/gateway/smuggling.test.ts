/** Raw bytes at the public port: what is ambiguous is refused, and gateway and replica see the same requests. */
import { describe, expect, it } from 'vitest';
import { backend, gatewayBefore, raw, rawServer, readyAt, text } from './stage.ts';

/** Bytes, the statuses of all answers to them, and the requests that the replica saw. */
type Case = readonly [what: string, bytes: string, statuses: readonly number[], seen: readonly string[]];

const host = 'Host: lab\r\n';
const post = (fields: string, body: string): string => `POST /p HTTP/1.1\r\n${host}${fields}\r\n${body}`;
const get = (fields: string): string => `GET /g HTTP/1.1\r\n${host}${fields}\r\n`;
const chunked = 'Transfer-Encoding: chunked\r\n';
const next = `GET /next HTTP/1.1\r\n${host}\r\n`;
const refused = (what: string, bytes: string, status = 400): Case => [what, bytes + next, [status], []];

const cases: readonly Case[] = [
  // Lengths: RFC 9112 section 6.3
  refused('two equal lengths', post('Content-Length: 1\r\nContent-Length: 1\r\n', 'a')),
  refused('two lengths', post('Content-Length: 1\r\nContent-Length: 2\r\n', 'ab')),
  refused('a list of lengths', post('Content-Length: 1, 1\r\n', 'a')),
  refused('a signed length', post('Content-Length: +1\r\n', 'a')),
  refused('a negative length', post('Content-Length: -1\r\n', 'a')),
  refused('a hexadecimal length', post('Content-Length: 0x1\r\n', 'a')),
  refused('an empty length', post('Content-Length:\r\n', 'a')),
  refused('a length with a blank in it', post('Content-Length: 1 0\r\n', 'a')),
  refused('a length that no number holds', post('Content-Length: 99999999999999999999\r\n', 'a')),
  ['a length with zeros before it', post('Content-Length: 004\r\n', 'abcd') + next, [200, 200], ['POST /p abcd', 'GET /next ']], // prettier-ignore
  // Codings: RFC 9112 sections 6.1 and 7
  refused('a length and chunks', post(`Content-Length: 4\r\n${chunked}`, '0\r\n\r\n')),
  refused('chunks and a length', post(`${chunked}Content-Length: 4\r\n`, '0\r\n\r\n')),
  refused('chunks twice in a list', post('Transfer-Encoding: chunked, chunked\r\n', '0\r\n\r\n')),
  refused('chunks twice', post(chunked + chunked, '0\r\n\r\n')),
  refused('chunks, and then another coding', post('Transfer-Encoding: chunked, gzip\r\n', '0\r\n\r\n')),
  refused('another coding, then chunks', post('Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n'), 501),
  refused('an unknown coding', post('Transfer-Encoding: xchunked\r\n', '0\r\n\r\n')),
  refused('the coding identity', post('Transfer-Encoding: identity\r\n', 'a')),
  refused('a coding in quotes', post('Transfer-Encoding: "chunked"\r\n', '0\r\n\r\n')),
  refused('a coding after a vertical tab', post('Transfer-Encoding: \vchunked\r\n', '0\r\n\r\n')),
  refused('chunks in HTTP/1.0', `POST /p HTTP/1.0\r\n${host}${chunked}\r\n0\r\n\r\n`),
  ['a coding in capitals', post('TRANSFER-ENCODING: CHUNKED\r\n', '1\r\na\r\n0\r\n\r\n') + next, [200, 200], ['POST /p a', 'GET /next ']], // prettier-ignore
  ['extensions of chunks', post(chunked, '1;x=y;z="a b"\r\na\r\n0;last\r\n\r\n') + next, [200, 200], ['POST /p a', 'GET /next ']], // prettier-ignore
  ...['g', '', '-1', ' 1', '1 ', '0x1', '1\n', '20000000000000', '10000000000000001'].map(
    (size): Case => refused(`a chunk of the size ${JSON.stringify(size)}`, post(chunked, `${size}\r\na\r\n0\r\n\r\n`)), // prettier-ignore
  ),
  ...[13, 255].map((n): Case => [`a size after ${n} zeros`, post(chunked, `${'0'.repeat(n)}1\r\na\r\n${'0'.repeat(n)}\r\n\r\n`) + next, [200, 200], ['POST /p a', 'GET /next ']]), // prettier-ignore
  refused(
    'a size after more zeros than anyone needs',
    post(chunked, `${'0'.repeat(256)}1\r\na\r\n0\r\n\r\n`),
  ),
  refused('a chunk that is longer than it says', post(chunked, '1\r\nab\r\n0\r\n\r\n')),
  refused('a chunk without its end', post(chunked, '1\r\na0\r\n\r\n')),
  refused('a chunk that ends in a line feed', post(chunked, '1\r\na\n0\r\n\r\n')),
  refused('a line feed in an extension', post(chunked, '1;a\nb\r\na\r\n0\r\n\r\n')),
  refused('a trailer without a name', post(chunked, '0\r\n: x\r\n\r\n')),
  refused('a trailer after a lone line feed', post(chunked, '0\r\nX: 1\n\r\n')),
  // Lines and fields: RFC 9112 sections 2.2 and 5
  refused('a line feed after the request line', `GET /g HTTP/1.1\n${host}\r\n`),
  refused('line feeds alone', 'GET /g HTTP/1.1\nHost: lab\n\n'),
  refused('a carriage return in a value', get('X: a\rb\r\n')),
  refused('a carriage return at the end of a line', get('X: a\r\r\n')),
  refused('a NUL in a value', get('X: a\0b\r\n')),
  refused('a line feed in a value', get('X: a\nY: b\r\n')),
  refused('a folded field', get('X: a\r\n b\r\n')),
  refused('a folded coding', post('Transfer-Encoding:\r\n chunked\r\n', '0\r\n\r\n')),
  refused('a field that is folded before the first', `GET /g HTTP/1.1\r\n ${host}\r\n`),
  refused('a blank before the colon', post('Transfer-Encoding : chunked\r\n', '0\r\n\r\n')),
  refused('a blank before the name', get(' X: 1\r\n')),
  refused('a field without a colon', get('X\r\n')),
  refused('a field without a name', get(': 1\r\n')),
  refused('a blank in a name', get('X Y: 1\r\n')),
  refused('a name beyond ASCII', get('X\u00e9: 1\r\n')),
  // Hosts and targets: RFC 9112 section 3.2
  refused('no Host', 'GET /g HTTP/1.1\r\n\r\n'),
  refused('two Hosts', get(host)),
  refused('a Host with a path', 'GET /g HTTP/1.1\r\nHost: lab/x\r\n\r\n'),
  refused('a Host with a user', 'GET /g HTTP/1.1\r\nHost: a@lab\r\n\r\n'),
  refused('CONNECT', `CONNECT lab:443 HTTP/1.1\r\n${host}\r\n`, 501),
  refused('an authority as the target', `GET lab:80 HTTP/1.1\r\n${host}\r\n`),
  refused('an asterisk for GET', `GET * HTTP/1.1\r\n${host}\r\n`),
  refused('another scheme', `GET ftp://lab/x HTTP/1.1\r\n${host}\r\n`),
  refused('no host in the target', `GET http://:80/x HTTP/1.1\r\n${host}\r\n`),
  refused('a user in the target', `GET http://a@lab/x HTTP/1.1\r\n${host}\r\n`),
  refused('a target without a host', `GET http:///x HTTP/1.1\r\n${host}\r\n`),
  refused('a fragment', `GET /a#b HTTP/1.1\r\n${host}\r\n`),
  refused('bytes beyond ASCII in the target', `GET /\xe9 HTTP/1.1\r\n${host}\r\n`),
  refused('a tab in the request line', `GET\t/g HTTP/1.1\r\n${host}\r\n`),
  refused('two blanks in the request line', `GET  /g HTTP/1.1\r\n${host}\r\n`),
  refused('a blank after the version', `GET /g HTTP/1.1 \r\n${host}\r\n`),
  refused('a blank in the target', `GET /a b HTTP/1.1\r\n${host}\r\n`),
  refused('a control character in the target', `GET /a\x01 HTTP/1.1\r\n${host}\r\n`),
  ['an asterisk for OPTIONS', `OPTIONS * HTTP/1.1\r\n${host}\r\n`, [200], ['OPTIONS * ']],
  ['an absolute target', `GET HTTP://other/x?y HTTP/1.1\r\n${host}\r\n${next}`, [200, 200], ['GET /x?y ', 'GET /next ']], // prettier-ignore
  ['an absolute target without a path', `GET http://other?y HTTP/1.1\r\n${host}\r\n`, [200], ['GET /?y ']],
  // Versions and methods
  refused('HTTP/0.9', 'GET /g\r\n\r\n'),
  refused('HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505),
  ...['2.0', '3.1', '0.9'].map((v): Case => refused(`HTTP/${v}`, `GET /g HTTP/${v}\r\n${host}\r\n`, 505)),
  ...['1.10', '1.02', '01.1', '1.', '1', '1.x', '1,2'].map((v): Case => refused(`HTTP/${v}`, `GET /g HTTP/${v}\r\n${host}\r\n`)), // prettier-ignore
  ['HTTP/1.2', `GET /g HTTP/1.2\r\n${host}\r\n${next}`, [200, 200], ['GET /g ', 'GET /next ']],
  ['chunks in HTTP/1.9', `POST /p HTTP/1.9\r\n${host}${chunked}\r\n1\r\na\r\n0\r\n\r\n${next}`, [200, 200], ['POST /p a', 'GET /next ']], // prettier-ignore
  ['the last request in HTTP/1.2', `GET /g HTTP/1.2\r\n${host}Connection: close\r\n\r\n${next}`, [200], ['GET /g ']], // prettier-ignore
  refused('no Host in HTTP/1.2', 'GET /g HTTP/1.2\r\n\r\n'),
  refused('a length and chunks in HTTP/1.2', `POST /p HTTP/1.2\r\n${host}Content-Length: 4\r\n${chunked}\r\n0\r\n\r\n`), // prettier-ignore
  refused('a version in small letters', `GET /g http/1.1\r\n${host}\r\n`),
  refused('a method that is none', `G@T /g HTTP/1.1\r\n${host}\r\n`),
  refused('TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'),
  refused('an unknown expectation', post('Expect: 200-ok\r\nContent-Length: 1\r\n', 'a'), 417),
  // What follows a request
  ['empty lines before a request', `\r\n\r\n${next}`, [200], ['GET /next ']],
  ['requests in a row', get('') + next + get(''), [200, 200, 200], ['GET /g ', 'GET /next ', 'GET /g ']],
  ['a GET with a body', `GET /g HTTP/1.1\r\n${host}Content-Length: 5\r\n\r\nGET /${next}`, [200, 200], ['GET /g GET /', 'GET /next ']], // prettier-ignore
  ['a request after the last one', get('Connection: close\r\n') + next, [200], ['GET /g ']],
  ['a nominated length', post('Content-Length: 3\r\nConnection: content-length, host\r\n', 'abc') + next, [200, 200], ['POST /p abc', 'GET /next ']], // prettier-ignore
];

const statusesIn = (said: string): number[] =>
  [...said.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

describe('raw bytes', () => {
  it.each([
    ['whole', (bytes: string) => [bytes]],
    ['in two', (bytes: string) => [bytes.slice(0, bytes.length / 2), bytes.slice(bytes.length / 2)]],
  ])('are read as RFC 9112 asks, %s', async (_how, pieces) => {
    const seen: string[] = [];
    const port = await backend((request, response) => {
      const done = (body: string): void => {
        seen.push(`${request.method ?? ''} ${request.url ?? ''} ${body}`);
        response.end('ok');
      };
      text(request).then(done, () => undefined); // a body that breaks off is no request
    });
    const { gateway } = await gatewayBefore(readyAt(port));
    for (const [what, bytes, statuses, expected] of cases) {
      seen.length = 0;
      const said = await raw(gateway.url, pieces(bytes), 60, statuses.length);
      expect({ what, statuses: statusesIn(said), seen }).toEqual({ what, statuses, seen: expected });
    }
  });

  it('of a TRACE or OPTIONS go as many hops as they may, one of which is this', async () => {
    const seen: string[] = [];
    const port = await backend((request, response) => {
      seen.push(`${request.method ?? ''} ${String(request.headers['max-forwards'])}`);
      response.end();
    });
    const { gateway } = await gatewayBefore(readyAt(port));
    const asked = (method: string, hops: string): string =>
      `${method} / HTTP/1.1\r\n${host}Max-Forwards: ${hops}\r\n\r\n`;
    const all = [asked('TRACE', '0'), asked('OPTIONS', '0'), asked('OPTIONS', '3'), asked('GET', '0'), asked('TRACE', '1')]; // prettier-ignore
    const said = await raw(gateway.url, all.join(''), 60, all.length);
    expect(statusesIn(said)).toEqual([405, 200, 200, 200, 200]);
    expect(seen).toEqual(['OPTIONS 2', 'GET 0', 'TRACE 0']);
  });

  it('of a later HTTP/1 than is spoken here go on as HTTP/1.1', async () => {
    const lines: string[] = [];
    const port = await rawServer((socket) =>
      socket.on('data', (bytes) => {
        lines.push(bytes.toString('latin1').split('\r\n')[0]);
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      }),
    );
    const { gateway } = await gatewayBefore(readyAt(port));
    const said = await raw(gateway.url, `GET /a HTTP/1.2\r\n${host}\r\nGET /b HTTP/1.9\r\n${host}\r\n`, 60, 2); // prettier-ignore
    expect(statusesIn(said)).toEqual([200, 200]);
    expect(lines).toEqual(['GET /a HTTP/1.1', 'GET /b HTTP/1.1']);
  });

  it('of an absolute target decide the Host, not the field', async () => {
    let seen: string | undefined;
    const port = await backend((request, response) => {
      seen = request.headers.host;
      response.end();
    });
    const { gateway } = await gatewayBefore(readyAt(port));
    await raw(gateway.url, `GET http://other:81/ HTTP/1.1\r\n${host}\r\n`, 60, 1);
    expect(seen).toBe('other:81');
  });
});
