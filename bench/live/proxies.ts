/** The proxies that are measured, each as one worker, with kept-alive connections on both sides unless it is taken as it comes. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A port of this machine, or `host:port`. */
export type Backend = number | string;

/** Where a proxy listens, whom it forwards to, and a folder for its files. */
export interface Place {
  readonly port: number;
  readonly backends: readonly Backend[];
  readonly folder: string;
  /** The supervisor's socket, for the gateway. */
  readonly control: string;
}

/** A proxy by name, and the command that starts it in the foreground. */
export interface Proxy {
  readonly name: string;
  /** What must be installed for it; npm's are by the bench itself. */
  readonly program?: string;
  readonly command: (place: Place) => readonly [string, ...string[]];
}

const peers = fileURLToPath(new URL('peers/', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));

export const proxies: readonly Proxy[] = [
  { name: 'evenly', command: (place) => gateway(place) },
  { name: 'nginx', program: 'nginx', command: (place) => nginxCommand(place) },
  { name: 'HAProxy', program: 'haproxy', command: (place) => ['haproxy', '-f', haproxy(place)] },
  { name: "Go's ReverseProxy", program: 'go', command: ({ port, backends, folder }) => [join(folder, 'reverse'), String(port), ...backends.map(String)] }, // prettier-ignore
  { name: 'undici behind node:http', command: script('node-undici') },
  { name: 'http-proxy', command: script('http-proxy') },
  { name: 'http-proxy as it comes', command: script('http-proxy', 'plain') },
  { name: 'http-proxy-3', command: script('http-proxy-3') },
  { name: 'http-proxy-3 as it comes', command: script('http-proxy-3', 'plain') },
  { name: 'httpxy', command: script('httpxy') },
  { name: '@fastify/http-proxy', command: script('fastify') },
  { name: 'bare splice in Node', command: script('splice') },
];

/** What nginx needs to be told so that no request is lost that can be sent again, and a hang is noticed soon. */
const nginxFailover = {
  server: 'max_fails=3 fail_timeout=1s',
  location:
    'proxy_next_upstream error timeout invalid_header http_500 http_502 http_503 http_504; proxy_next_upstream_tries 3; proxy_connect_timeout 60ms; proxy_read_timeout 60ms;',
};

/** The same for HAProxy: retries of whole requests, elsewhere, and health checks. */
const haproxyFailover = {
  defaults: [
    '  retries 3',
    '  retry-on all-retryable-errors',
    '  option redispatch 1',
    '  timeout connect 60ms',
    '  timeout server 60ms',
    '  option httpchk GET /heartbeat',
  ],
  server: 'check inter 250ms fall 2 rise 2 observe layer7 error-limit 10 on-error mark-down',
};

/** Those that the gateway stands beside when a replica fails. */
export const rivals: readonly Proxy[] = [
  { name: 'nginx as it comes', program: 'nginx', command: (place) => nginxCommand(place) },
  { name: 'nginx with failover', program: 'nginx', command: (place) => nginxCommand(place, nginxFailover) },
  {
    name: 'HAProxy with retries',
    program: 'haproxy',
    command: (place) => ['haproxy', '-f', haproxy(place, haproxyFailover)],
  },
  { name: 'http-proxy', command: script('http-proxy') },
];

/** Installs the peers of npm; once a folder. */
export function installPeers(folder: string): void {
  for (const file of readdirSync(peers)) copyFileSync(join(peers, file), join(folder, file));
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] }); // prettier-ignore
}

/** Those of the proxies whose programs are there; of each other one it says so. Builds that of Go. */
export function available(wanted: readonly Proxy[], folder: string): Proxy[] {
  return wanted.filter((proxy) => {
    const { program } = proxy;
    const there =
      program === undefined || !('error' in spawnSync(program, ['-v'], { stdio: 'ignore', timeout: 5000 }));
    if (!there) process.stderr.write(`${proxy.name} is left out: '${program}' is not installed.\n`);
    else if (program === 'go') execFileSync('go', ['build', '-o', 'reverse', 'reverse.go'], { cwd: folder, stdio: 'inherit' }); // prettier-ignore
    return there;
  });
}

/** The configuration of an nginx whose every port answers a small text. */
export function nginxBackends(folder: string, ports: readonly number[]): string {
  const body = '{"message":"Hello from Server: S1","status":"successful"}';
  const servers = ports.map((port) => `server { listen 127.0.0.1:${port} backlog=1024; location / { default_type application/json; return 200 '${body}'; } }`); // prettier-ignore
  return nginx(folder, 'backends', servers.join('\n'));
}

function gateway({ port, control }: Place): [string, ...string[]] {
  const flags = ['--control', control, '--listen', `127.0.0.1:${port}`, '--admin', '127.0.0.1:0'];
  return [process.execPath, '--import', 'tsx', join(root, 'live/gateway/main.ts'), '--log-level', 'error', ...flags]; // prettier-ignore
}

function script(name: string, ...more: string[]): Proxy['command'] {
  return ({ folder, port, backends }) => [process.execPath, join(folder, `${name}.mjs`), String(port), ...backends.map(String), ...more]; // prettier-ignore
}

function nginxCommand(place: Place, failover?: typeof nginxFailover): [string, ...string[]] {
  const { folder, port, backends } = place;
  const { server, location } = failover ?? { server: '', location: '' };
  const servers = backends.map((backend) => `server ${addressOf(backend)} ${server};`).join(' ');
  const forward = `location / { proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; ${location} }`; // prettier-ignore
  const upstream = `upstream up { ${servers} keepalive 256; keepalive_requests 1000000000; }`;
  const listen = `listen 127.0.0.1:${port} backlog=1024;`;
  return [
    'nginx',
    '-p',
    folder,
    '-c',
    nginx(folder, 'proxy', `${upstream}\nserver { ${listen} ${forward} }`),
  ];
}

function nginx(folder: string, name: string, http: string): string {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${name}-${kind};`); // prettier-ignore
  const common = `access_log off; keepalive_requests 1000000000; keepalive_timeout 75s; ${paths.join(' ')}`;
  const main = `worker_processes 1; daemon off; pid ${folder}/${name}.pid; error_log stderr crit;`;
  return file(
    folder,
    `${name}.conf`,
    `${main}\nevents { worker_connections 4096; }\nhttp { ${common}\n${http}\n}\n`,
  );
}

function haproxy({ folder, port, backends }: Place, failover?: typeof haproxyFailover): string {
  const servers = backends.map(
    (backend, i) => `  server s${i} ${addressOf(backend)} ${failover?.server ?? ''}`,
  );
  const waits = failover?.defaults ?? ['  timeout connect 5s', '  timeout server 60s'];
  const defaults = [
    'defaults',
    '  mode http',
    '  option forwardfor',
    '  http-reuse always',
    '  timeout client 60s',
  ];
  const lines = ['global', '  nbthread 1', '  maxconn 4096', ...defaults, ...waits, 'listen l', `  bind 127.0.0.1:${port}`]; // prettier-ignore
  return file(folder, 'haproxy.cfg', `${[...lines, ...servers].join('\n')}\n`);
}

function addressOf(backend: Backend): string {
  return typeof backend === 'number' ? `127.0.0.1:${backend}` : backend;
}

function file(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
