/** httpxy as its README has it, with kept-alive connections to the backends. */
import { Agent, createServer } from 'node:http';
import { createProxyServer } from 'httpxy';
import { next, port } from './turns.mjs';

const proxy = createProxyServer({ agent: new Agent({ keepAlive: true, maxSockets: 256 }), xfwd: true });
createServer((request, response) => {
  proxy.web(request, response, { target: `http://${next()}` }).catch(() => response.destroy());
}).listen(port, '127.0.0.1');
