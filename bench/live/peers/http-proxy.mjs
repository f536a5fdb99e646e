/** http-proxy as its README has it, with kept-alive connections to the backends unless it is taken plain. */
import { Agent, createServer } from 'node:http';
import httpProxy from 'http-proxy';
import { isPlain, next, port } from './turns.mjs';

const agent = isPlain ? undefined : new Agent({ keepAlive: true, maxSockets: 256 });
const proxy = httpProxy.createProxyServer({ agent, xfwd: true });
createServer((request, response) => {
  proxy.web(request, response, { target: `http://${next()}` }, () => response.destroy());
}).listen(port, '127.0.0.1');
