/**
 * The server behind the balancer (LAB 1): one file without dependencies, configured by its environment.
 *
 * SERVER_ID  its name in the answers              PORT, HOST  where it listens (5000, every address; 0: a free port)
 * SERVICE    law of the service time in ms: constant(5), exponential(5), lognormal(5,1), pareto(5,2.5); none: at once
 * WORKERS    requests served at once (1)          QUEUE       requests that may wait (1000); more get a 503
 * DRAIN_MS   after SIGTERM requests in flight have so long (60000)
 * SEED       makes the service times repeatable   WITH_STDIN  when set, it ends as its standard input closes
 */
import { createServer, get } from 'node:http';

const { SERVER_ID = 'unknown', PORT = '5000', HOST, SERVICE = '', SEED, WITH_STDIN } = process.env;
const workers = whole('WORKERS', 1, 1);
const queue = whole('QUEUE', 1000, 0);
/** After SIGTERM requests in flight have so long; whoever stops it usually kills it sooner. */
const drainMs = whole('DRAIN_MS', 60_000, 0);

const waiting = [];
let busy = 0;
let stopping = false;
/** What timers overslept so far: the next one sleeps less, so that the mean holds though timers are whole ms. */
let oversleptMs = 0;

const hello = JSON.stringify({ message: `Hello from Server: ${SERVER_ID}`, status: 'successful' });
const sampleMs = SERVICE === '' ? null : law(SERVICE, SEED === undefined ? Math.random : seeded(SEED));

const server = createServer(
  { keepAlive: true, noDelay: true, keepAliveTimeout: 75_000 },
  (request, response) => {
    const path = request.url.split('?', 1)[0];
    request.resume();
    if (path === '/heartbeat') reply(response, 200, '');
    else if (path !== '/home') reply(response, 404, '');
    else if (request.method !== 'GET' && request.method !== 'HEAD')
      reply(response, 405, '', { allow: 'GET, HEAD' });
    else if (sampleMs === null) reply(response, 200, hello);
    else enqueue(response);
  },
);

/** First come, first served, `workers` at a time. */
function enqueue(response) {
  if (busy < workers) serve(response);
  else if (waiting.length < queue) waiting.push(response);
  else reply(response, 503, '');
}

function serve(response) {
  busy++;
  const started = performance.now();
  const wantedMs = Math.max(0, sampleMs() - oversleptMs);
  const done = () => {
    const tookMs = performance.now() - started;
    oversleptMs = tookMs - wantedMs;
    busy--;
    reply(response, 200, hello, { 'x-service-ms': tookMs.toFixed(3) });
    const next = nextWaiting();
    if (next) serve(next);
  };
  if (wantedMs < 0.5) setImmediate(done);
  else setTimeout(done, Math.round(wantedMs));
}

/** The request that waited longest and whose client is still there. */
function nextWaiting() {
  while (waiting.length > 0) {
    const response = waiting.shift();
    if (!response.destroyed) return response;
  }
  return undefined;
}

function reply(response, status, body, headers = {}) {
  if (stopping) response.setHeader('connection', 'close');
  if (body !== '') response.setHeader('content-type', 'application/json');
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}

/** Each law's first number is the mean; the methods are inversion and Box and Muller. */
function law(text, random) {
  const [, name, list] = /^([a-z]+)\(([^()]*)\)$/.exec(text) ?? [];
  const [mean, shape] = (list ?? '').split(',').map(Number);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const variance = Math.log1p((shape ?? 1) ** 2);
  const laws = {
    constant: () => mean,
    exponential: () => -mean * Math.log(1 - random()),
    lognormal: () => mean * Math.exp(Math.sqrt(variance) * normal() - variance / 2),
    pareto: () => (mean * (1 - 1 / (shape ?? 2.5))) / (1 - random()) ** (1 / (shape ?? 2.5)),
  };
  if (!Object.hasOwn(laws, name) || !(mean >= 0)) {
    fail(
      `SERVICE is '${text}', but must be a law of ${Object.keys(laws).join(', ')}, such as exponential(5).`,
    );
  }
  return laws[name];
}

/** Mulberry32, started from a hash of the seed and the server's name, so that no two replicas draw alike. */
function seeded(seed) {
  let state = 2_166_136_261;
  for (const byte of Buffer.from(`${seed}/${SERVER_ID}`)) state = Math.imul(state ^ byte, 16_777_619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function whole(name, initial, least) {
  const value = Number(process.env[name] ?? initial);
  if (!Number.isInteger(value) || value < least) fail(`${name} must be a whole number from ${least}.`);
  return value;
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(2);
}

/** Requests in flight are finished; those that take too long are not waited for. */
function stop() {
  if (stopping) return;
  stopping = true;
  server.close(() => process.exit(0));
  setTimeout(() => process.exit(0), drainMs).unref();
}

/** `node server.mjs --probe` is the container's health check. */
function probe() {
  get({ port: PORT, path: '/heartbeat', timeout: 1500 }, ({ statusCode }) =>
    process.exit(statusCode === 200 ? 0 : 1),
  )
    .on('timeout', () => process.exit(1))
    .on('error', () => process.exit(1));
}

if (process.argv.includes('--probe')) {
  probe();
} else {
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, stop);
  if (WITH_STDIN)
    process.stdin
      .on('end', () => process.exit(0))
      .on('error', () => process.exit(0))
      .resume();
  server.on('error', (error) => fail(`Cannot listen on port ${PORT}: ${error.message}.`));
  server.listen({ port: Number(PORT), host: HOST, backlog: 1024 }, () => {
    process.stdout.write(`listening on ${server.address().port}\n`);
  });
}
