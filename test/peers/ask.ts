/** Requests to a real balancer over one connection, one after another, and the server that each answer names. */
import { connect } from 'node:net';

const NAMED = /\r\nx-server: ([^\r\n]*)\r\n/i;
const END = '\r\n\r\n';
/** Requests on their way at once; the peer takes them in order. */
const PIPELINED = 64;

/** One request: its path, and headers whose values may be any bytes. */
export interface Ask {
  readonly method?: string;
  readonly path?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string | Uint8Array>>;
}

/** The values of `x-server` in the answers, in order. Answers have no body. */
export function askAll(socket: string, asks: readonly Ask[]): Promise<string[]> {
  const raw = asks.map(bytesOf);
  return new Promise((resolve, reject) => {
    const found: string[] = [];
    let pending = '';
    let sent = 0;
    const client = connect(socket);
    const send = (): void => {
      for (; sent < raw.length && sent < found.length + PIPELINED; sent++) client.write(raw[sent]);
      if (found.length === raw.length) client.end();
    };
    client.on('connect', send);
    client.on('data', (chunk) => {
      pending += chunk.toString('latin1');
      for (let end; (end = pending.indexOf(END)) >= 0; pending = pending.slice(end + END.length))
        found.push(NAMED.exec(pending.slice(0, end + END.length))?.[1] ?? pending.split('\r\n')[0]);
      send();
    });
    client.once('error', reject);
    client.once('close', () => {
      if (found.length === raw.length) resolve(found);
      else reject(new Error(`${raw.length} requests, but ${found.length} answers`));
    });
    if (raw.length === 0) client.end();
  });
}

function bytesOf({ method = 'GET', path = '/', headers = {} }: Ask): Buffer {
  const lines = Object.entries({ ...headers, host: 'lab' }).flatMap(([name, value]) => [Buffer.from(`${name}: `), Buffer.from(value), Buffer.from('\r\n')]); // prettier-ignore
  return Buffer.concat([
    Buffer.from(`${method} `),
    Buffer.from(path),
    Buffer.from(' HTTP/1.1\r\n'),
    ...lines,
    Buffer.from('\r\n'),
  ]);
}
