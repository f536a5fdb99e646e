/**
 * The thread of `rehearsal.ts`: replicas that fail when told to, and clients that ask for as long as it lasts. A thread, since
 * what V8 learns of their sockets must not become part of what it knows of the gateway's.
 */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

const CLIENTS = 24;
/** Of a client between two requests, so that it leaves room for whoever else runs on this machine. */
const THINK_MS = 4;
const SERVICE_MS = 2;
const SLOW_MS = 80;
/** A client comes anew after so many requests. */
const PATIENCE = 40;

const body = JSON.stringify({ message: 'Hello from Server: rehearsal', status: 'successful' });
const fields = `Content-Type: application/json\r\nDate: ${new Date().toUTCString()}\r\nConnection: keep-alive\r\nKeep-Alive: timeout=75\r\nContent-Length: `;
const good = `HTTP/1.1 200 OK\r\n${fields}${body.length}\r\n\r\n${body}`;
const bad = `HTTP/1.1 500 Internal Server Error\r\n${fields}0\r\n\r\n`;
const requests = [
  ...Array(6).fill('GET /home HTTP/1.1\r\nHost: rehearsal\r\n\r\n'),
  'GET /home?id=132574 HTTP/1.1\r\nHost: rehearsal\r\nUser-Agent: cast\r\nAccept: */*\r\n\r\n',
  'POST /home HTTP/1.1\r\nHost: rehearsal\r\nContent-Length: 4\r\n\r\nbody',
];

/** Of the gateway that they ask, one after the other. */
let port = 0;

function replica() {
  const sockets = new Set();
  const one = { act: '', sockets, server: createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket
      .on('data', (bytes) => {
        const asked = bytes.toString('latin1').split('HTTP/1.1\r\n').length - 1;
        for (let i = 0; i < asked; i++) setTimeout(answer, one.act === 'slow' ? SLOW_MS : SERVICE_MS, one, socket);
      })
      .on('error', () => undefined)
      .on('close', () => sockets.delete(socket));
  }) }; // prettier-ignore
  return one;
}

function answer({ act }, socket) {
  if (act === 'hang' || socket.destroyed) return;
  if (act === 'status') socket.write(bad);
  else if (act !== 'half') socket.write(good);
  else socket.write(good.slice(0, -body.length / 2), () => socket.resetAndDestroy());
}

function befall(one, act) {
  one.act = act;
  if (act !== 'kill' && act !== 'reset') return;
  one.server.close();
  for (const socket of one.sockets) {
    if (act === 'kill') socket.destroy();
    else socket.resetAndDestroy();
  }
}

function client() {
  let left = PATIENCE;
  const socket = connect({ port, host: '127.0.0.1', noDelay: true }, ask);
  function ask() {
    if (left-- > 0) socket.write(requests[left % requests.length]);
    else socket.end();
  }
  socket
    .on('data', () => setTimeout(ask, THINK_MS))
    .on('error', () => undefined)
    .on('close', () => setTimeout(client, THINK_MS));
}

const replicas = Array.from({ length: workerData }, replica);
for (const { server } of replicas) server.listen(0, '127.0.0.1');
await Promise.all(replicas.map(({ server }) => once(server, 'listening')));
parentPort.postMessage(replicas.map(({ server }) => server.address().port));
parentPort.on('message', ({ clients, act, replica: at }) => {
  if (act) {
    befall(replicas[at], act);
    return;
  }
  const begun = port > 0;
  port = clients;
  for (let i = 0; i < CLIENTS && !begun; i++) client();
});
