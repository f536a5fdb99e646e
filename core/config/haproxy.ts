/** A HAProxy `backend` or `listen` section, with its defaults, as servers and a method. */
import { nearest } from '../input-error.ts';
import type { ProfileOptions, ServerLine } from '../profile/types.ts';
import { readBalance, readHashType } from './haproxy-balance.ts';
import type { Balance } from './haproxy-balance.ts';
import { parametersOf, serverOf } from './haproxy-server.ts';
import { parseHaproxy } from './haproxy-syntax.ts';
import type { Line, Section } from './haproxy-syntax.ts';
import { atLine, chooseSection } from './types.ts';
import type { Backend } from './types.ts';

/** Directives that send some requests elsewhere than their key would. */
const OTHER: Readonly<Record<string, string>> = {
  'use-server': 'it sends requests to a server by rules',
  'force-persist': 'it changes who counts as up by rules',
  'ignore-persist': 'it belongs to persistence',
  stick: 'a stick table remembers who answered before',
  persist: 'it sends a client back by its cookie',
  cookie: 'it sends a client back by its cookie, not by its key',
  appsession: 'it sends a client back by its session',
  dispatch: 'it replaces the servers',
  transparent: 'it replaces the servers',
  'server-template':
    'its servers are only known when HAProxy resolves their names: write them as server lines',
  'load-server-state-from-file': 'the state of servers is in another file',
};
const HARMLESS = ['acl', 'backlog', 'bind', 'clitcpka-cnt', 'compression', 'declare', 'default_backend', 'description', 'email-alert', 'errorfile', 'errorfiles', 'errorloc', 'errorloc302', 'errorloc303', 'external-check', 'fullconn', 'guid', 'hash-preserve-affinity', 'http-after-response', 'http-check', 'http-error', 'http-request', 'http-response', 'http-reuse', 'http-send-name-header', 'id', 'log', 'log-format', 'log-tag', 'max-session-srv-conns', 'maxconn', 'mode', 'monitor', 'monitor-uri', 'monitor-net', 'quic-initial', 'rate-limit', 'redirect', 'reqadd', 'retries', 'retry-on', 'server-state-file-name', 'source', 'srvtcpka-cnt', 'stats', 'stick-table', 'tcp-check', 'tcp-request', 'tcp-response', 'timeout', 'unique-id-format', 'unique-id-header', 'use_backend', 'capture', 'filter', 'disabled', 'enabled', 'bind-process', 'grace', 'option', 'no', 'block']; // prettier-ignore
const OWN = ['balance', 'hash-type', 'hash-balance-factor', 'server', 'default-server'];

interface Reading {
  readonly balance: Balance;
  readonly consistent: boolean;
  readonly hash: ProfileOptions;
  readonly factor: number;
  readonly allBackups: boolean;
  readonly defaults: Partial<ServerLine>;
  readonly servers: readonly ServerLine[];
}

const START: Reading = {
  balance: { method: 'haproxy-roundrobin', options: {} },
  consistent: false,
  hash: {},
  factor: 0,
  allBackups: false,
  defaults: {},
  servers: [],
};

/** Reads the backend or listen section of that name, or the only one that has servers. */
export function readHaproxy(text: string, wanted?: string): Backend {
  const sections = parseHaproxy(text);
  const backends = sections.filter(({ kind }) => kind === 'backend' || kind === 'listen');
  const chosen = chooseSection('backend', backends, wanted);
  if (chosen.name === '') throw atLine(chosen.line, `a ${chosen.kind} needs a name.`);
  const defaults = defaultsOf(sections, chosen);
  const inherited = (defaults?.lines ?? []).reduce(read, START);
  const reading = chosen.lines.reduce(read, inherited);
  if (reading.servers.length === 0)
    throw atLine(chosen.line, `the ${chosen.kind} '${chosen.name}' has no servers.`);
  return { name: chosen.name, servers: reading.servers, ...methodOf(reading) };
}

/** The defaults section named by `from`, or the last one before the section. */
function defaultsOf(sections: readonly Section[], chosen: Section): Section | undefined {
  const before = sections.filter(({ kind, line }) => kind === 'defaults' && line < chosen.line);
  if (chosen.from === null) return before.at(-1);
  const named = before.find(({ name }) => name === chosen.from);
  if (!named) throw atLine(chosen.line, `there are no defaults named '${chosen.from}' before it.`);
  return named;
}

function methodOf({
  balance,
  consistent,
  hash,
  factor,
  allBackups,
}: Reading): Pick<Backend, 'profile' | 'options'> {
  const backups = allBackups ? { allBackups } : {};
  if (balance.method !== 'hash') return { profile: balance.method, options: backups };
  const options = { ...balance.options, ...hash, ...backups, ...(consistent && factor > 0 && { factor }) };
  return { profile: consistent ? 'haproxy-consistent' : 'haproxy-map-based', options };
}

function read(reading: Reading, line: Line): Reading {
  const [directive, value = '', ...rest] = line.words;
  if (directive === 'balance') return { ...reading, balance: readBalance(line) };
  if (directive === 'hash-type') {
    const { consistent, options } = readHashType(line);
    return { ...reading, consistent, hash: options };
  }
  if (directive === 'hash-balance-factor') return { ...reading, factor: factorAt(line.line, value) };
  if (directive === 'default-server')
    return { ...reading, defaults: { ...reading.defaults, ...parametersOf([value, ...rest], line.line) } };
  if (directive === 'server') return { ...reading, servers: withServer(reading, line) };
  if (directive === 'option' && value === 'allbackups') return { ...reading, allBackups: true };
  if (directive === 'no' && value === 'option' && rest[0] === 'allbackups')
    return { ...reading, allBackups: false };
  checkHarmless(directive, value, line.line);
  return reading;
}

function withServer({ servers, defaults }: Reading, line: Line): readonly ServerLine[] {
  const server = serverOf(line, defaults);
  if (servers.some(({ name }) => name === server.name))
    throw atLine(line.line, `the server '${server.name}' is here twice; each needs a name of its own.`);
  return [...servers, server];
}

function factorAt(line: number, text: string): number {
  const factor = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (factor === 0 || factor > 100) return factor;
  throw atLine(line, `hash-balance-factor is '${text}'; it must be 0 (off) or an integer over 100.`);
}

function checkHarmless(directive: string, value: string, line: number): void {
  const replaces = directive === 'option' && ['transparent', 'http_proxy'].includes(value);
  if (replaces) throw atLine(line, `'option ${value}' replaces the servers.`);
  if (Object.hasOwn(OTHER, directive))
    throw atLine(line, `'${directive}' cannot be answered key for key: ${OTHER[directive]}.`);
  if (HARMLESS.includes(directive)) return;
  const near = nearest(directive, [...OWN, ...HARMLESS, ...Object.keys(OTHER)]);
  throw atLine(line, `there is no directive '${directive}' in a backend; the nearest is '${near}'.`);
}
