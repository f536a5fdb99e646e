/** An nginx `upstream` block as servers and a method; what would change the choice and is not understood is an error. */
import { nearest } from '../input-error.ts';
import { NGINX_WEIGHTS } from '../profile/nginx/turns.ts';
import { serverLine } from '../profile/servers.ts';
import type { ServerLine } from '../profile/types.ts';
import { parseNginx } from './nginx-syntax.ts';
import type { Statement } from './nginx-syntax.ts';
import { atLine, chooseSection, weightAt } from './types.ts';
import type { Backend } from './types.ts';

/** Directives that leave the choice as it is. */
const HARMLESS = ['zone', 'keepalive', 'keepalive_requests', 'keepalive_time', 'keepalive_timeout', 'ntlm', 'resolver', 'resolver_timeout', 'bind_conn']; // prettier-ignore
/** Those that change it in ways that no key decides, or that this reader does not know. */
const OTHER_METHODS: Readonly<Record<string, string>> = {
  least_time: 'it chooses by response time, not by key',
  random: 'it chooses at random, not by key',
  sticky: 'it sends a client back by a cookie or route, not by its key',
  queue: 'it is of nginx Plus and changes who answers',
  state: 'its servers are in another file',
  include: 'its servers or method may be in another file: write them here',
};
const PARAMETERS = ['weight', 'max_conns', 'max_fails', 'fail_timeout', 'backup', 'down'];
/** Parameters that change which addresses there are, or how much each gets. */
const OTHER_PARAMETERS = ['resolve', 'service', 'slow_start', 'route', 'drain'];

interface Reading {
  profile: string;
  refusesBackups: string | null;
  readonly servers: ServerLine[];
}

/** Reads the upstream of that name, or the only one, wherever it stands in the file. */
export function readNginx(text: string, wanted?: string): Backend {
  const found = upstreamsOf(parseNginx(text));
  const { name, statement } = chooseSection('upstream', found, wanted);
  const reading: Reading = { profile: 'nginx-round-robin', refusesBackups: null, servers: [] };
  for (const directive of statement.block ?? []) readDirective(directive, reading);
  if (!reading.servers.some(({ backup }) => !backup))
    throw atLine(statement.line, `the upstream '${name}' has no server that is not a backup.`);
  return { name, profile: reading.profile, options: {}, servers: reading.servers };
}

function upstreamsOf(statements: readonly Statement[]): { name: string; statement: Statement }[] {
  return statements.flatMap((statement) => {
    const [directive, name, ...more] = statement.words as readonly (string | undefined)[];
    if (directive !== 'upstream') return upstreamsOf(statement.block ?? []);
    if (name === undefined || more.length > 0 || !statement.block)
      throw atLine(statement.line, "an upstream is written 'upstream NAME { … }'.");
    return [{ name, statement }];
  });
}

function readDirective({ words, line, block }: Statement, reading: Reading): void {
  const [directive, ...args] = words;
  if (block) throw atLine(line, `the directive '${directive}' is no block inside an upstream.`);
  if (directive === 'server') reading.servers.push(serverOf(args, line, reading));
  else if (directive === 'hash') readHash(args, line, reading);
  else if (directive === 'ip_hash') readIpHash(args, line, reading);
  else if (directive === 'least_conn') readLeastConn(args, line, reading);
  else if (Object.hasOwn(OTHER_METHODS, directive))
    throw atLine(line, `'${directive}' cannot be answered key for key: ${OTHER_METHODS[directive]}.`);
  else if (!HARMLESS.includes(directive)) {
    const near = nearest(directive, [
      'server',
      'hash',
      'ip_hash',
      ...HARMLESS,
      ...Object.keys(OTHER_METHODS),
    ]);
    throw atLine(line, `there is no directive '${directive}' in an upstream; the nearest is '${near}'.`);
  }
}

function readHash(
  [key, mode, ...more]: readonly (string | undefined)[],
  line: number,
  reading: Reading,
): void {
  if (key === undefined || more.length > 0) throw atLine(line, "'hash' is written 'hash KEY [consistent];'.");
  if (mode !== undefined && mode !== 'consistent')
    throw atLine(line, `'hash' has the parameter '${mode}', which must be 'consistent' or absent.`);
  reading.profile = mode === undefined ? 'nginx-hash' : 'nginx-ketama';
  reading.refusesBackups = 'hash';
}

function readIpHash(args: readonly string[], line: number, reading: Reading): void {
  if (args.length > 0) throw atLine(line, "'ip_hash' takes no parameters.");
  reading.profile = 'nginx-ip-hash';
  reading.refusesBackups = 'ip_hash';
}

function readLeastConn(args: readonly string[], line: number, reading: Reading): void {
  if (args.length > 0) throw atLine(line, "'least_conn' takes no parameters.");
  reading.profile = 'nginx-least-conn';
}

function serverOf([address, ...parameters]: readonly string[], line: number, reading: Reading): ServerLine {
  if (!address) throw atLine(line, "'server' needs an address.");
  let server = serverLine(address);
  for (const parameter of parameters) server = { ...server, ...parameterOf(parameter, line) };
  if (server.backup && reading.refusesBackups)
    throw atLine(
      line,
      `'${reading.refusesBackups}' does not support backup servers, and '${address}' is one.`,
    );
  return server;
}

function parameterOf(text: string, line: number): Partial<ServerLine> {
  const [name, value] = splitAt(text);
  if (text === 'backup') return { backup: true };
  if (text === 'down') return { down: true };
  if (name === 'weight' && value !== undefined)
    return { weight: weightAt(line, value, NGINX_WEIGHTS.min, NGINX_WEIGHTS.max) };
  if (['max_conns', 'max_fails'].includes(name) && /^\d+$/.test(value ?? '')) return {};
  if (name === 'fail_timeout' && /^(\d+(ms|[smhdwMy])?\s*)+$/.test(value ?? '')) return {};
  if (OTHER_PARAMETERS.includes(name))
    throw atLine(
      line,
      `the server parameter '${text}' changes the choice in a way that is not understood here.`,
    );
  if (PARAMETERS.includes(name)) throw atLine(line, `the server parameter '${text}' has no legal value.`);
  throw atLine(
    line,
    `there is no server parameter '${text}'; the nearest is '${nearest(name, PARAMETERS)}'.`,
  );
}

/** `name=value` apart; a parameter without '=' has no value. */
function splitAt(text: string): readonly [string, string | undefined] {
  const at = text.indexOf('=');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
