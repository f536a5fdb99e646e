/** A real HAProxy over `backend` sections: a request names its backend, the answer the server chosen. */
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { askAll } from './ask.ts';
import type { Ask } from './ask.ts';
import { peerFolder, refusal, startPeer } from './process.ts';
import type { Peer } from './process.ts';

/** Stands for the address of a server that answers at once. */
export const ANSWERS = 'unix@ANSWERS';
/** Stands for the address of a server that is kept waiting by the test: `<folder>/holds`. */
export const HOLDS = 'unix@HOLDS';

/** What it says when no server is up. */
const NOBODY = 'HTTP/1.1 503 nobody\r\ncontent-length: 0\r\n\r\n';

export interface Haproxy extends Peer {
  /** The server of each request, sent one after another. */
  pick(backend: string, asks: readonly Ask[]): Promise<string[]>;
  /** A command of its runtime interface, and what it says. */
  command(text: string): Promise<string>;
}

const configOf = (folder: string, backends: string): string => `
global
  nbthread 1
  tune.bufsize 65536
  stats socket ${folder}/control level admin
defaults
  mode http
  timeout connect 2s
  timeout client 20s
  timeout server 20s
  errorfile 503 ${folder}/nobody
listen answers
  bind unix@${folder}/answers
  http-request return status 204
frontend in
  bind unix@${folder}/socket
  option accept-invalid-http-request
  http-request set-src req.hdr(x-client) if { req.hdr(x-client) -m found }
  http-response set-header x-server %s
  use_backend %[req.hdr(x-backend)]
${backends.replaceAll(ANSWERS, `unix@${folder}/answers`).replaceAll(HOLDS, `unix@${folder}/holds`)}
`;

const command = (): [string, ...string[]] => ['haproxy', '-db', '-f', 'config'];

/** Starts it; `folder` may hold the socket of a server that the test keeps. */
export async function startHaproxy(backends: string, folder = peerFolder()): Promise<Haproxy> {
  const socket = join(folder, 'socket');
  writeFileSync(join(folder, 'nobody'), NOBODY);
  const peer = await startPeer(folder, configOf(folder, backends), command(), socket);
  return {
    ...peer,
    pick: (backend, asks) => askAll(socket, asks.map(({ headers, ...ask }) => ({ ...ask, headers: { ...headers, 'x-backend': backend } }))), // prettier-ignore
    command: (text) => control(join(folder, 'control'), text),
  };
}

function control(socket: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const client = connect(socket, () => client.write(`${text}\n`));
    client.on('data', (chunk) => (said += chunk.toString()));
    client.once('error', reject);
    client.once('close', () => { resolve(said); }); // prettier-ignore
  });
}

/** What HAProxy says against these backends, or null where it takes them. */
export function haproxyRefusal(backends: string): string | null {
  const folder = peerFolder();
  writeFileSync(join(folder, 'nobody'), NOBODY);
  return refusal(configOf(folder, backends), [...command(), '-c'], folder);
}
