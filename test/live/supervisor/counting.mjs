/** A replica that counts its heartbeats, and tells at /count. */
import { createServer } from 'node:http';

let beats = 0;
const server = createServer(({ url }, response) => {
  if (url === '/heartbeat') beats++;
  response.end(url === '/count' ? String(beats) : '');
});
process.stdin.on('end', () => process.exit(0)).resume();
server.listen({ port: 0, host: '127.0.0.1' }, () => {
  process.stdout.write(`listening on ${server.address().port}\n`);
});
