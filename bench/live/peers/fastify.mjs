/** @fastify/http-proxy, whose upstream is chosen for each request. */
import proxy from '@fastify/http-proxy';
import Fastify from 'fastify';
import { next, port } from './turns.mjs';

const app = Fastify();
app.register(proxy, {
  upstream: '',
  undici: { connections: 256 },
  replyOptions: { getUpstream: () => `http://${next()}` },
});
await app.listen({ port, host: '127.0.0.1' });
