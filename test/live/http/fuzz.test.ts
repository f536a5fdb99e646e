/** The parser's edge under random bytes: it never crashes, and what it lets through Node's parser reads in the same way. */
import { METHODS, createServer } from 'node:http';
import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestHead } from '../../../live/gateway/headers.ts';
import { AnswerReader } from '../../../live/http/answer-reader.ts';
import { BodyReader } from '../../../live/http/body-reader.ts';
import { endOfHead } from '../../../live/http/head-end.ts';
import { Malformed } from '../../../live/http/malformed.ts';
import { parseRequestHead } from '../../../live/http/request-head.ts';
import type { RequestHead } from '../../../live/http/request-head.ts';

const limits = { headBytes: 16_384, fields: 100 };

const valid = [
  'GET /a?b=c HTTP/1.1\r\nHost: lab\r\nAccept: */*\r\n\r\n',
  'POST /p HTTP/1.1\r\nHost: lab:80\r\nContent-Length: 5\r\nX-A: 1\r\n\r\n',
  'PUT / HTTP/1.1\r\nhost: [::1]:80\r\ntransfer-encoding: chunked\r\nConnection: close, X-A\r\nx-a: 2\r\n\r\n',
  'POST /p HTTP/1.2\r\nHost: lab\r\nContent-Length: 5\r\nTE: trailers\r\n\r\n',
  'OPTIONS * HTTP/1.1\r\nHost:\r\nX-Empty:\r\nX-Blank:  a b \t\r\n\r\n',
  'GET http://lab/a HTTP/1.0\r\nConnection: keep-alive\r\nVia: 1.0 x\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n',
];

/** A valid head in which some places were overwritten, cut, doubled or filled with what breaks parsers. */
const spice = fc.constantFrom(
  ...[
    '\r',
    '\n',
    '\0',
    ' ',
    '\t',
    ':',
    '\r\n',
    '\r\n ',
    ',',
    ';',
    'chunked',
    'Content-Length: 3\r\n',
    '\xff',
    '\x0b',
  ],
  ...[
    'Transfer-Encoding: chunked\r\n',
    'Host: b\r\n',
    '0',
    '-',
    '/',
    '#',
    '@',
    'HTTP/1.1',
    'Connection: upgrade\r\n',
  ],
);
const change = fc.tuple(fc.nat(), fc.nat(3), spice);
const mutated = fc
  .tuple(fc.constantFrom(...valid), fc.array(change, { minLength: 1, maxLength: 3 }))
  .map(([head, changes]) =>
    changes.reduce((text, [place, cut, inserted]) => {
      const at = place % text.length;
      return text.slice(0, at) + inserted + text.slice(at + cut);
    }, head),
  );

function readRequest(text: string): RequestHead | undefined {
  try {
    const bytes = Buffer.from(text, 'latin1');
    const end = endOfHead(bytes, limits.headBytes);
    return end < 0 ? undefined : parseRequestHead(bytes.latin1Slice(0, end), limits);
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

/** What Node's own parser, which the lab's replicas use, makes of bytes: each request's line, fields and body. */
async function asNodeReads(bytes: string): Promise<string[]> {
  const requests: string[] = [];
  const server = createServer({ insecureHTTPParser: false }, (request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('latin1')));
    request.on('end', () => {
      requests.push(JSON.stringify([request.method, request.url, request.rawHeaders, body]));
      response.end();
    });
  });
  const socket = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => { done(); } }); // prettier-ignore
  server.emit('connection', socket);
  socket.push(Buffer.from(bytes, 'latin1'));
  for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve));
  socket.destroy();
  return requests;
}

describe('a head that was tampered with', () => {
  it('is refused, or reaches the replica as one request with the method, target and body that the gateway read', async () => {
    let passed = 0;
    await fc.assert(
      fc.asyncProperty(mutated, async (text) => {
        const head = readRequest(text);
        if (!head || !METHODS.includes(head.method)) return; // Node refuses methods that it has not heard of
        passed++;
        const body = head.framing === 'chunked' ? '3\r\nabc\r\n0\r\n\r\n' : 'x'.repeat(Math.max(0, Math.min(head.length, 99))); // prettier-ignore
        fc.pre(head.length < 100);
        const forwarded = `${requestHead(head, '192.0.2.1', undefined)}${body}`;
        const next = 'GET /next HTTP/1.1\r\nHost: lab\r\n\r\n';
        const read = await asNodeReads(`${forwarded}${next}`);
        expect(read).toHaveLength(2);
        const [method, target, fields, sent] = JSON.parse(read[0]) as [string, string, string[], string];
        expect([method, target]).toEqual([head.method, head.target]);
        expect(sent).toBe(head.framing === 'chunked' ? 'abc' : body);
        const lengths = fields.filter(
          (name, i) => i % 2 === 0 && /^(content-length|transfer-encoding)$/i.test(name),
        );
        expect(lengths.length).toBe(head.framing === 'none' && head.length < 0 ? 0 : 1);
        expect(read[1]).toContain('"/next"');
      }),
      { numRuns: 1500 },
    );
    expect(passed).toBeGreaterThan(50);
  });
});

/** Bytes in pieces, as a network gives them. */
function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])];
  places.sort((a, b) => a - b);
  return places.slice(1).map((end, i) => bytes.subarray(places[i], end));
}

/** What an answer comes to, however it is cut. */
function readAnswer(given: readonly Buffer[]): unknown {
  const reader = new AnswerReader({ method: 'GET', upgrade: undefined }, limits);
  const heads: unknown[] = [];
  let body = '';
  let left = 0;
  const shared = Buffer.alloc(65_536);
  const taker = {
    interim: (head: unknown) => heads.push(head),
    answered: (head: unknown) => heads.push(head),
    data: (bytes: Buffer) => (body += bytes.toString('latin1')),
  };
  try {
    for (const piece of given) {
      if (reader.done) left += piece.length;
      else left += reader.read(shared.subarray(0, piece.copy(shared)), taker);
    }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return 'refused';
  }
  return { heads, body, left, done: reader.done, trailers: reader.body?.trailers };
}

const answers = [
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
  'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n3\r\nabc\r\n2;x=1\r\nde\r\n0\r\nX: 1\r\n\r\n',
  'HTTP/1.1 204 No Content\r\n\r\n',
  'HTTP/1.2 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
  'HTTP/1.0 200 OK\r\nX: y\r\n\r\nuntil the end',
];

describe('an answer', () => {
  it('is read alike however its bytes are cut', () => {
    fc.assert(
      fc.property(fc.constantFrom(...answers), fc.array(fc.nat(), { maxLength: 20 }), (answer, cuts) => {
        const bytes = Buffer.from(answer, 'latin1');
        expect(readAnswer(pieces(bytes, cuts))).toEqual(readAnswer([bytes]));
      }),
      { numRuns: 300 },
    );
  });

  it('of random bytes, or of a good answer spoilt, never crashes the reader', () => {
    const spoilt = fc.tuple(fc.constantFrom(...answers), fc.nat(), spice).map(([answer, place, inserted]) => {
      const at = place % answer.length;
      return Buffer.from(answer.slice(0, at) + inserted + answer.slice(at + 1), 'latin1');
    });
    const random = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(spoilt, random), fc.array(fc.nat(), { maxLength: 9 }), (bytes, cuts) => {
        const read = readAnswer(pieces(bytes, cuts));
        if (read !== 'refused') expect(read).toHaveProperty('done');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a chunked body', () => {
  it('comes out as it went in, whatever the chunks and however they are cut', () => {
    const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 12 });
    fc.assert(
      fc.property(chunks, fc.array(fc.nat(), { maxLength: 30 }), fc.string(), (parts, cuts, rest) => {
        const framed = parts.flatMap((part) => [Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]); // prettier-ignore
        const after = Buffer.from(rest);
        const bytes = Buffer.concat([...framed, Buffer.from('0\r\n\r\n'), after]);
        const reader = new BodyReader('chunked', -1, limits);
        const out: Buffer[] = [];
        let left = 0;
        for (const piece of pieces(bytes, cuts)) {
          left += piece.length - reader.read(piece, 0, (data) => out.push(Buffer.from(data)));
        }
        expect(Buffer.concat(out).equals(Buffer.concat(parts))).toBe(true);
        expect([reader.done, left]).toEqual([true, after.length]);
      }),
      { numRuns: 300 },
    );
  });
});
