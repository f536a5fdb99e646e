/** The proxies that are measured, each as one worker with kept-alive connections on both sides. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where a proxy listens, whom it forwards to, and a folder for its files. */
export interface Place {
  readonly port: number;
  readonly backends: readonly number[];
  readonly folder: string;
  /** The supervisor's socket, for the gateway. */
  readonly control: string;
}

/** A proxy by name, and the command that starts it in the foreground. */
export interface Proxy {
  readonly name: string;
  readonly command: (place: Place) => readonly [string, ...string[]];
}

const peers = fileURLToPath(new URL('peers/', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));

export const proxies: readonly Proxy[] = [
  { name: 'evenly', command: (place) => gateway(place) },
  { name: 'nginx', command: (place) => ['nginx', '-p', place.folder, '-c', nginxProxy(place)] },
  { name: 'HAProxy', command: (place) => ['haproxy', '-f', haproxy(place)] },
  { name: "Go's ReverseProxy", command: ({ port, backends, folder }) => [join(folder, 'reverse'), String(port), ...backends.map(String)] }, // prettier-ignore
  { name: 'undici behind node:http', command: script('node-undici') },
  { name: 'http-proxy', command: script('http-proxy') },
  { name: 'http-proxy-3', command: script('http-proxy-3') },
  { name: 'httpxy', command: script('httpxy') },
  { name: '@fastify/http-proxy', command: script('fastify') },
  { name: 'bare splice in Node', command: script('splice') },
];

/** Installs the peers of npm and builds that of Go; once a folder. */
export function install(folder: string): void {
  for (const file of readdirSync(peers)) copyFileSync(join(peers, file), join(folder, file));
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] }); // prettier-ignore
  execFileSync('go', ['build', '-o', 'reverse', 'reverse.go'], { cwd: folder, stdio: 'inherit' });
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

function script(name: string): Proxy['command'] {
  return ({ folder, port, backends }) => [process.execPath, join(folder, `${name}.mjs`), String(port), ...backends.map(String)]; // prettier-ignore
}

function nginxProxy({ folder, port, backends }: Place): string {
  const servers = backends.map((backend) => `server 127.0.0.1:${backend};`).join(' ');
  const location = 'location / { proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; }'; // prettier-ignore
  const upstream = `upstream up { ${servers} keepalive 256; keepalive_requests 1000000000; }`;
  return nginx(folder, 'proxy', `${upstream}\nserver { listen 127.0.0.1:${port} backlog=1024; ${location} }`);
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

function haproxy({ folder, port, backends }: Place): string {
  const servers = backends.map((backend, i) => `  server s${i} 127.0.0.1:${backend}`).join('\n');
  const timeouts = '  timeout connect 5s\n  timeout client 60s\n  timeout server 60s';
  const defaults = `defaults\n  mode http\n  option forwardfor\n  http-reuse always\n${timeouts}`;
  const text = `global\n  nbthread 1\n  maxconn 4096\n${defaults}\nlisten l\n  bind 127.0.0.1:${port}\n${servers}\n`;
  return file(folder, 'haproxy.cfg', text);
}

function file(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
