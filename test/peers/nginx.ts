/** A real nginx over `upstream` blocks: a request names its upstream and its key, the answer the server chosen. */
import { join } from 'node:path';
import { askAll } from './ask.ts';
import type { Ask } from './ask.ts';
import { peerFolder, refusal, startPeer } from './process.ts';
import type { Peer } from './process.ts';

export interface Nginx extends Peer {
  /** The server of each key in the upstream: the first address that was tried. */
  pick(upstream: string, keys: readonly Uint8Array[]): Promise<string[]>;
  /** The same for clients at these addresses, for `ip_hash`. */
  pickClients(upstream: string, addresses: readonly string[]): Promise<string[]>;
}

/** Nobody listens: each request fails at once, and the log says where it was sent. `max_fails=0` forgets that it failed. */
const configOf = (folder: string, upstreams: string): string => `
daemon off; pid ${folder}/pid; error_log /dev/null crit; worker_processes 1;
events { worker_connections 512; }
http {
  access_log off; keepalive_requests 10000000; large_client_header_buffers 4 64k; client_header_buffer_size 64k;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/f;
  uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  set_real_ip_from unix:; real_ip_header x-client; variables_hash_max_size 4096;
  ${upstreams}
  server {
    listen unix:${folder}/socket;
    error_page 502 504 =204 /named; proxy_next_upstream off; proxy_intercept_errors on;
    location / { proxy_pass http://$http_x_upstream; add_header x-server $upstream_addr always; }
    location = /named { add_header x-server $upstream_addr always; return 204; }
  }
}`;

const command = (folder: string): [string, ...string[]] => [
  'nginx',
  '-p',
  folder,
  '-e',
  '/dev/null',
  '-c',
  'config',
];

/** Starts it. The servers' addresses must be ones where nobody listens, with `max_fails=0`. */
export async function startNginx(upstreams: string, folder = peerFolder()): Promise<Nginx> {
  const socket = join(folder, 'socket');
  const peer = await startPeer(folder, configOf(folder, upstreams), command(folder), socket);
  const ask = (upstream: string, of: readonly Ask['headers'][]): Promise<string[]> =>
    askAll(socket, of.map((headers) => ({ headers: { 'x-upstream': upstream, ...headers } }))); // prettier-ignore
  return {
    ...peer,
    pick: (upstream, keys) => ask(upstream, keys.map((key) => ({ 'x-key': key }))), // prettier-ignore
    pickClients: (upstream, addresses) => ask(upstream, addresses.map((address) => ({ 'x-client': address }))), // prettier-ignore
  };
}

/** What nginx says against these upstreams, or null where it takes them. */
export function nginxRefusal(upstreams: string): string | null {
  const folder = peerFolder();
  return refusal(configOf(folder, upstreams), [...command(folder), '-t'], folder);
}
