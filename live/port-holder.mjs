/**
 * The thread of `port-holder.ts`: listens, and stops for good before its event loop has looked at the sockets once. So
 * nobody is ever accepted here, and the sockets live for as long as this process does.
 */
import { createServer } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

const { addresses, backlog, released } = workerData;
const servers = [];

/** Each step follows the one before it without a turn of the event loop, since the addresses need no look-up. */
function listen() {
  if (servers.length === addresses.length) return hold();
  const server = createServer();
  const at = servers.push(server) - 1;
  server.once('error', ({ code, message }) => {
    parentPort.postMessage({ at, code, message });
    process.exit(); // of this thread
  });
  server.listen({ ...addresses[at], backlog }, listen);
}

function hold() {
  parentPort.postMessage(servers.map((server) => ({ fd: server._handle.fd, port: server.address().port })));
  Atomics.wait(released, 0, 0);
  for (const server of servers) server.close();
}

listen();
