/** The gateway as a process of its own: flags or EVENLY_… variables in, one public port out, ended by SIGTERM. */
import { pathToFileURL } from 'node:url';
import { Command, Option } from 'commander';
import { InputError } from '../../core/input-error.ts';
import { knobs, scenario } from '../../core/scenario.ts';
import type { Scenario } from '../../core/scenario.ts';
import { BAD_INPUT } from '../types.ts';
import type { Listening } from '../types.ts';
import { turnable } from './admin.ts';
import type { GatewayOptions } from './config.ts';
import { startGateway } from './gateway.ts';
import { keySources } from './key.ts';

/** Flags of their own, beside those of the scenario's knobs. */
const flags: readonly (readonly [flag: string, help: string])[] = [
  ['control <path>', "the supervisor's socket"],
  ['listen <address>', 'public HOST:PORT (127.0.0.1:5000)'],
  ['admin <address>', 'HOST:PORT of metrics, health and knobs (127.0.0.1:5001)'],
  ['key <source>', `what a request is placed by: ${keySources.join(', ')}`],
  ['connect-ms <ms>', 'longest wait for a connection to a replica (300)'],
  ['head-ms <ms>', 'longest wait for the head of an answer, 0 for any (10000)'],
  ['body-ms <ms>', 'longest silence within an answer, 0 for any (60000)'],
  ['retries <n>', 'further replicas to try after the first (2)'],
  ['connections <n>', 'most connections to one replica (256)'],
  ['replica-header <name>', "field that names the replica to the client, '' for none (X-Replica)"],
  ['log-level <level>', 'trace, debug, info, warn, error, fatal or silent (info)'],
  ['record <file>', 'write every decision to this file, for `lab.ts replay`'],
  ['access-log', 'log a line a request'],
];

function command(): Command {
  const program = new Command('gateway').description(
    'forward requests to the replicas that the supervisor keeps',
  );
  const option = (flag: string, help: string): void => {
    const [name] = flag.split(' ');
    program.addOption(new Option(`--${flag}`, help).env(`EVENLY_${name.toUpperCase().replaceAll('-', '_')}`));
  };
  for (const [flag, help] of flags) option(flag, help);
  for (const field of turnable)
    option(`${knobs[field].flag} <value>`, `${knobs[field].help} (${knobs[field].default})`);
  return program.allowExcessArguments(false);
}

/** Reads flags and environment. @throws InputError */
export function gatewayOptions(argv: readonly string[]): GatewayOptions {
  const given = command().parse(argv, { from: 'user' }).opts<Record<string, string | boolean>>();
  const chosen: Record<string, unknown> = { ...given };
  const turned: Partial<Record<keyof Scenario, unknown>> = {};
  for (const field of turnable) {
    const option = knobs[field].flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    if (chosen[option] !== undefined) turned[field] = chosen[option];
    Reflect.deleteProperty(chosen, option);
  }
  return {
    ...chosen,
    scenario: scenario({ ...(turned as Partial<Scenario>), replicas: 1 }),
  } as GatewayOptions;
}

/** Runs until told to end. */
async function main(): Promise<void> {
  const gateway = await startGateway(gatewayOptions(process.argv.slice(2)));
  let closing = false;
  const end = (): void => {
    if (closing) return;
    closing = true;
    void gateway.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', end).on('SIGINT', end);
  if (process.send) {
    process.on('disconnect', end);
    process.send({ type: 'listening', url: gateway.url } satisfies Listening);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  main().catch((error: unknown) => {
    const input = error instanceof InputError;
    process.stderr.write(input ? `${error.message}\n` : `${String((error as Error).stack)}\n`);
    process.exit(input ? BAD_INPUT : 1);
  });
}
