/**
 * A replica that can be told to fail: it serves /home in 5 ms, and does as the file named by FAULTS says for its name, a line
 * `NAME FAULT`: status (500), hang (accepts, never answers), half (resets in the middle of a body), slow (300 ms).
 */
import { readFileSync, watchFile } from 'node:fs';
import { createServer } from 'node:http';

const { SERVER_ID = 'unknown', PORT = '0', HOST = '127.0.0.1', FAULTS = '', WITH_STDIN } = process.env;
const SERVICE_MS = 5;
const SLOW_MS = 300;
const body = JSON.stringify({ message: `Hello from Server: ${SERVER_ID}`, status: 'successful' });
let fault = '';

function look() {
  const lines = readFileSync(FAULTS, 'utf8').split('\n');
  fault = lines.find((line) => line.startsWith(`${SERVER_ID} `))?.split(' ')[1] ?? '';
}

function home(response) {
  const head = { 'content-type': 'application/json', 'content-length': body.length };
  if (fault === 'status') response.writeHead(500, { 'content-length': 0 }).end();
  else if (fault === 'half') {
    response.writeHead(200, head).write(body.slice(0, body.length / 2));
    setImmediate(() => response.socket?.resetAndDestroy());
  } else response.writeHead(200, head).end(body);
}

const server = createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
  request.resume();
  if (fault === 'hang') return;
  if (request.url === '/heartbeat') response.end();
  else setTimeout(home, fault === 'slow' ? SLOW_MS : SERVICE_MS, response);
});

if (FAULTS) {
  look();
  watchFile(FAULTS, { interval: 20 }, look);
}
process.on('SIGTERM', () => process.exit(0));
if (WITH_STDIN)
  process.stdin
    .on('end', () => process.exit(0))
    .on('error', () => process.exit(0))
    .resume();
server.listen({ port: Number(PORT), host: HOST, backlog: 1024 }, () => {
  process.stdout.write(`listening on ${server.address().port}\n`);
});
