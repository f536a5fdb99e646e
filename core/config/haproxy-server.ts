/** A `server` line of HAProxy: its name, address, and the parameters that bear on the choice. */
import { nearest } from '../input-error.ts';
import { serverLine } from '../profile/servers.ts';
import type { HashKey, ServerLine } from '../profile/types.ts';
import type { Line } from './haproxy-syntax.ts';
import { atLine, weightAt } from './types.ts';

const HASH_KEYS = ['id', 'id32', 'addr', 'addr-port', 'guid'];
/** Parameters that leave the choice as it is, by how many words follow them. */
const HARMLESS: readonly (readonly string[])[] = [
  ['allow-0rtt', 'check', 'check-send-proxy', 'check-via-socks4', 'enabled', 'force-sslv3', 'force-tlsv10', 'force-tlsv11', 'force-tlsv12', 'force-tlsv13', 'no-agent-check', 'no-backup', 'no-check', 'no-check-ssl', 'no-send-proxy', 'no-send-proxy-v2', 'no-ssl', 'no-ssl-reuse', 'no-sslv3', 'no-tls-tickets', 'no-tlsv10', 'no-tlsv11', 'no-tlsv12', 'no-tlsv13', 'no-tfo', 'no-verifyhost', 'non-stick', 'send-proxy', 'send-proxy-v2', 'send-proxy-v2-ssl', 'send-proxy-v2-ssl-cn', 'ssl', 'ssl-reuse', 'stick', 'tfo', 'tls-tickets', 'agent-check', 'check-ssl'], // prettier-ignore
  ['addr', 'agent-addr', 'agent-inter', 'agent-port', 'agent-send', 'alpn', 'ca-file', 'check-alpn', 'check-proto', 'check-sni', 'ciphers', 'ciphersuites', 'client-sigalgs', 'cookie', 'crl-file', 'crt', 'curves', 'downinter', 'error-limit', 'fall', 'fastinter', 'init-addr', 'inter', 'log-bufsize', 'log-proto', 'max-reuse', 'maxconn', 'maxqueue', 'minconn', 'namespace', 'npn', 'observe', 'on-error', 'on-marked-down', 'on-marked-up', 'pool-low-conn', 'pool-max-conn', 'pool-purge-delay', 'pool-conn-name', 'port', 'proto', 'proxy-v2-options', 'redir', 'resolve-net', 'resolve-opts', 'resolve-prefer', 'resolvers', 'rise', 'set-proxy-v2-tlv-fmt', 'shard', 'sigalgs', 'slowstart', 'sni', 'socks4', 'source', 'ssl-max-ver', 'ssl-min-ver', 'tcp-md5sig', 'tcp-ut', 'usesrc', 'verify', 'verifyhost', 'ws'], // prettier-ignore
];
const OWN = ['weight', 'id', 'backup', 'disabled', 'hash-key', 'guid'];
/** Parameters that change who is up, which this reader cannot know. */
const OTHER = ['track', 'init-state'];

/** What a server line says over the defaults. */
export function serverOf({ words, line }: Line, defaults: Partial<ServerLine>): ServerLine {
  const [, name, address, ...parameters] = words as readonly (string | undefined)[];
  if (name === undefined || address === undefined)
    throw atLine(line, "a server is written 'server NAME ADDRESS …'.");
  return serverLine(name, { ...defaults, address, ...parametersOf(parameters as string[], line) });
}

/** The parameters of a `server` or `default-server` line. */
export function parametersOf(words: readonly string[], line: number): Partial<ServerLine> {
  let read: Partial<ServerLine> = {};
  for (let at = 0; at < words.length;) {
    const takes = argumentsOf(words[at], line);
    if (at + takes >= words.length) throw atLine(line, `the server parameter '${words[at]}' needs a value.`);
    read = { ...read, ...meaning(words[at], words.at(at + takes) ?? '', line) };
    at += takes + 1;
  }
  return read;
}

function argumentsOf(parameter: string, line: number): number {
  if (['backup', 'disabled'].includes(parameter)) return 0;
  if (OWN.includes(parameter)) return 1;
  const takes = HARMLESS.findIndex((names) => names.includes(parameter));
  if (takes >= 0) return takes;
  if (OTHER.includes(parameter)) throw atLine(line, `the server parameter '${parameter}' decides who is up in a way that is not known here.`); // prettier-ignore
  const near = nearest(parameter, [...OWN, ...HARMLESS.flat()]);
  throw atLine(line, `there is no server parameter '${parameter}'; the nearest is '${near}'.`);
}

function meaning(parameter: string, value: string, line: number): Partial<ServerLine> {
  if (parameter === 'backup') return { backup: true };
  if (parameter === 'disabled') return { down: true };
  if (parameter === 'enabled') return { down: false };
  if (parameter === 'no-backup') return { backup: false };
  if (parameter === 'weight') return { weight: weightAt(line, value, 0, 256) };
  if (parameter === 'guid') return { guid: value };
  if (parameter === 'id') return { id: idAt(line, value) };
  if (parameter !== 'hash-key') return {};
  if (HASH_KEYS.includes(value)) return { hashKey: value as HashKey };
  throw atLine(line, `hash-key is '${value}'; it must be one of ${HASH_KEYS.join(', ')}.`);
}

function idAt(line: number, text: string): number {
  const id = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (id >= 1 && id <= 2_147_483_647) return id;
  throw atLine(line, `the server id is '${text}'; it must be an integer from 1.`);
}
