/** Bytes from one socket to another, nothing read: the least that a proxy in Node can do, and not a proxy. */
import { connect, createServer } from 'node:net';
import { next, port } from './turns.mjs';

createServer({ noDelay: true }, (client) => {
  const [host, upstreamPort] = next().split(':');
  const upstream = connect({ host, port: Number(upstreamPort), noDelay: true });
  client.pipe(upstream).pipe(client);
  client.on('error', () => upstream.destroy());
  upstream.on('error', () => client.destroy());
}).listen(port, '127.0.0.1');
