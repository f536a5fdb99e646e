/** The proxy under random requests and answers: through the gateway they are what they are without it, byte for byte. */
import { Agent, createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage, RequestOptions } from 'node:http';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { afterwards, gatewayBefore, listen, readyAt, stop } from './stage.ts';

type Framed = 'length' | 'chunked';

/** One exchange: what the client sends and what the replica answers. */
interface Dialogue {
  readonly method: string;
  readonly target: string;
  readonly fields: readonly (readonly [string, string])[];
  readonly body: readonly Uint8Array[];
  readonly framed: Framed;
  readonly status: number;
  readonly answerFields: readonly (readonly [string, string])[];
  readonly answer: readonly Uint8Array[];
  readonly answerFramed: Framed;
  readonly trailer: string | undefined;
}

const name = fc.stringMatching(/^X-[A-Za-z0-9!#$%&'*+.^_`|~-]{1,12}$/);
const value = fc.stringMatching(
  /^(?:[\x21-\x7e\xa1-\xff](?:[\x20-\x7e\t\xa1-\xff]{0,30}[\x21-\x7e\xa1-\xff])?)?$/,
);
const fields = fc.array(fc.tuple(name, value), { maxLength: 8 });
const parts = fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 5 });
const framed = fc.constantFrom<Framed>('length', 'chunked');

const dialogues: fc.Arbitrary<Dialogue> = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'REPORT'),
  target: fc.stringMatching(/^\/[\x21\x22\x24-\x7e]{0,40}$/),
  fields,
  body: parts,
  framed,
  status: fc.constantFrom(200, 201, 204, 206, 301, 304, 400, 403, 418, 429, 500, 503),
  answerFields: fields,
  answer: parts,
  answerFramed: framed,
  trailer: fc.option(
    value.filter((text) => text !== ''),
    { nil: undefined },
  ),
});

/** What either side got, without what a gateway must change. */
interface Received {
  readonly line: string;
  readonly fields: readonly string[];
  readonly framing: string;
  readonly body: string;
  readonly trailers: readonly string[];
}

const changed =
  /^(?:connection|keep-alive|date|host|via|x-forwarded-.*|x-replica|content-length|transfer-encoding)$/i;

async function received(line: string, message: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const kept = message.rawHeaders.flatMap((each, i) => i % 2 === 0 && !changed.test(each) ? [each, message.rawHeaders[i + 1]] : []); // prettier-ignore
  const { 'content-length': length, 'transfer-encoding': coding } = message.headers;
  const framing = length ?? coding ?? 'none';
  return {
    line,
    fields: kept,
    framing,
    body: Buffer.concat(chunks).toString('hex'),
    trailers: message.rawTrailers,
  };
}

/** Sends one and returns what the replica and the client got. */
async function ask(
  url: string,
  dialogue: Dialogue,
  seen: { now?: Received },
  agent: Agent,
): Promise<[Received | undefined, Received]> {
  const { method, target, body } = dialogue;
  const whole = Buffer.concat(body);
  const bodyless = (method === 'GET' || method === 'HEAD') && whole.length === 0;
  const framing = bodyless ? [] : dialogue.framed === 'length' ? ['Content-Length', String(whole.length)] : ['Transfer-Encoding', 'chunked']; // prettier-ignore
  const options: RequestOptions = { method, path: target, headers: ['Host', 'lab', ...dialogue.fields.flat(), ...framing], agent }; // prettier-ignore
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = httpRequest(url, options, resolve).on('error', reject);
    if (!bodyless) for (const part of body) if (part.length > 0) request.write(part);
    request.end();
  });
  const got = await received(`${answer.statusCode ?? 0} ${answer.statusMessage ?? ''}`, answer);
  return [seen.now, got];
}

it('random requests and answers come through as they are', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const seen: { now?: Received } = {};
  let dialogue: Dialogue | undefined;
  const server = createServer((request, response) => {
    void received(`${request.method ?? ''} ${request.url ?? ''}`, request).then((got) => {
      seen.now = got;
      const { status, answerFields, answer, answerFramed, trailer } = dialogue as Dialogue;
      const size = answer.reduce((sum, { length }) => sum + length, 0);
      const hasBody = status !== 204 && status !== 304;
      if (!hasBody) return response.writeHead(status, answerFields.flat()).end();
      const framing =
        answerFramed === 'length'
          ? ['Content-Length', String(size)]
          : request.method === 'HEAD'
            ? []
            : ['Trailer', 'X-T'];
      response.writeHead(status, [...answerFields.flat(), ...framing]);
      for (const part of answer) if (part.length > 0) response.write(part);
      if (answerFramed === 'chunked' && trailer !== undefined && request.method !== 'HEAD')
        response.addTrailers([['X-T', trailer]]);
      return response.end();
    });
  });
  const port = await listen(server);
  afterwards(() => stop(server));
  const { gateway } = await gatewayBefore(readyAt(port));
  await fc.assert(
    fc.asyncProperty(dialogues, async (drawn) => {
      dialogue = drawn;
      const direct = await ask(`http://127.0.0.1:${port}`, drawn, seen, agent);
      const through = await ask(gateway.url, drawn, seen, agent);
      expect(through).toEqual(direct);
    }),
    { numRuns: 60 },
  );
  agent.destroy();
});
