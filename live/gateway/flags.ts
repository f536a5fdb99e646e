/** A gateway's flags and EVENLY_… variables: its own, and those knobs of the scenario that it can turn. */
import { Command } from 'commander';
import { knobs, scenario } from '../../core/scenario.ts';
import type { Scenario } from '../../core/scenario.ts';
import { TOKEN_VARIABLE, checkedToken, tokenIn } from '../access.ts';
import { BAD_INPUT } from '../types.ts';
import { turnable } from './turn.ts';
import type { GatewayOptions } from './config.ts';
import { failoverFlags } from './failover-options.ts';
import { keySources } from './key.ts';

const ownFlags: readonly (readonly [flag: string, help: string])[] = [
  ['control <path>', "the supervisor's socket"],
  ['listen <address>', 'public HOST:PORT (127.0.0.1:5000)'],
  ['admin <address>', 'HOST:PORT of metrics, health and knobs (127.0.0.1:5001)'],
  ['key <source>', `what a request is placed by: ${keySources.join(', ')} (random)`],
  ['connect-ms <ms>', 'longest wait for a connection to a replica (300)'],
  ['head-ms <ms>', 'longest wait for the head of an answer, 0 for any (10000)'],
  ['body-ms <ms>', 'longest silence within an answer, 0 for any (60000)'],
  ...failoverFlags,
  ['tunnel-ms <ms>', 'longest silence within a WebSocket, 0 for any (3600000)'],
  ['upgrade <protocols>', "what a connection may switch to, separated by commas, '' for nothing (websocket)"],
  ['client-head-ms <ms>', 'longest time for the head of a request, 0 for any; then 408 (10000)'],
  ['client-body-ms <ms>', 'longest silence within the body of a request, 0 for any; then 408 (30000)'],
  ['client-send-ms <ms>', 'longest time that a client may not read its answer, 0 for any (60000)'],
  ['client-idle-ms <ms>', 'longest time between two requests of a connection, 0 for any (65000)'],
  [
    'half-close-ms <ms>',
    'how long a client that only listens is waited for while nothing is sent to it (250)',
  ],
  ['head-bytes <n>', 'most bytes of a head; then 431, or 414 where its first line has them (16384)'],
  ['fields <n>', 'most header fields; then 431 (100)'],
  ['body-bytes <n>', 'most bytes of the body of a request, 0 for any; then 413 (0)'],
  ['client-connections <n>', 'most connections from one address, 0 for any; then 503 (0)'],
  [
    'max-connections <n>',
    'most connections of clients; then the longest idle ones go (3/4 of the files that may be open)',
  ],
  ['connections <n>', 'most connections to one replica (256)'],
  ['replica-header <name>', "field that names the replica to the client, '' for none (X-Replica)"],
  ['linger-ms <ms>', 'at its end, how long /readyz says 503 before the port is closed (0)'],
  [
    'retire-ms <ms>',
    'how long one that a restart replaces waits for its clients to leave, 0 for any (600000)',
  ],
  [
    'rehearsal-ms <ms>',
    'longest time in which failures are rehearsed before clients are taken, 0 for not at all (1500)',
  ],
  ['open', 'let whoever reaches a port that is not on loopback change the fleet'],
  ['token-file <path>', `file of the token that changes need; or ${TOKEN_VARIABLE}`],
  ['log-level <level>', 'trace, debug, info, warn, error, fatal or silent (info)'],
  [
    'record <file>',
    'write every decision to this file, for `lab.ts replay`; one a gateway where there are several',
  ],
  ['listen-fd <n>', 'descriptor of a socket that listens on --listen already; said by the supervisor'],
  ['admin-fd <n>', 'descriptor of a socket that listens on --admin already; said by the supervisor'],
  ['gateway-index <n>', 'which of the gateways on the port it is, from 0; said by the supervisor'],
  ['gateway-count <n>', 'how many there are; said by the supervisor'],
  ['gateway-start <n>', 'how many were started before it; said by the supervisor'],
  ['weights-by-id <list>', 'weights that were turned, as 1=4,2=0.5; said by the supervisor'],
  ['access-log', 'log a line a request'],
];

const knobFlags = turnable.map((field) => [
  `${knobs[field].flag} <value>`,
  `${knobs[field].help} (${knobs[field].default})`,
]);

/** Reads flags and, where there is no flag, the environment; an empty variable counts as none. @throws InputError */
export function gatewayOptions(
  argv: readonly string[],
  env: Readonly<NodeJS.ProcessEnv> = process.env,
): GatewayOptions {
  const given: Record<string, unknown> = command().parse(argv, { from: 'user' }).opts();
  const turned: Partial<Record<keyof Scenario, unknown>> = {};
  const own: Record<string, unknown> = {};
  for (const field of turnable) turned[field] = valueOf(knobs[field].flag, given, env);
  for (const [flag] of ownFlags) {
    const [name] = flag.split(' ');
    own[camelCase(name)] = valueOf(name, given, env);
  }
  const { tokenFile, ...rest } = own;
  const token = env[TOKEN_VARIABLE] ?? '';
  if (token !== '') rest.token = checkedToken(token, TOKEN_VARIABLE);
  else if (typeof tokenFile === 'string') rest.token = tokenIn(tokenFile);
  const chosen = Object.fromEntries(Object.entries(turned).filter(([, value]) => value !== undefined));
  return { ...rest, scenario: scenario({ ...chosen, replicas: 1 }) } as GatewayOptions;
}

function command(): Command {
  const program = new Command('gateway')
    .description('forward requests to the replicas that the supervisor keeps')
    .addHelpText('after', '\nEvery flag can be given as a variable too: --access-log as EVENLY_ACCESS_LOG.')
    .allowExcessArguments(false)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : BAD_INPUT));
  for (const [flag, help] of [...ownFlags, ...knobFlags]) program.option(`--${flag}`, help);
  return program;
}

function valueOf(
  flag: string,
  given: Readonly<Record<string, unknown>>,
  env: Readonly<NodeJS.ProcessEnv>,
): unknown {
  const variable = env[`EVENLY_${flag.toUpperCase().replaceAll('-', '_')}`];
  return given[camelCase(flag)] ?? (variable === '' ? undefined : variable);
}

function camelCase(flag: string): string {
  return flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
