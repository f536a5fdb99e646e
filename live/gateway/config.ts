/** A gateway's configuration, checked: what `main.ts` reads from flags and environment, or a test hands over. */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { InputError } from '../../core/input-error.ts';
import { scenario } from '../../core/scenario.ts';
import type { Scenario } from '../../core/scenario.ts';
import { logLevels } from '../log.ts';
import { refuseUntold } from './able.ts';
import { failoverShape } from './failover-options.ts';

const MOST_PORT = 65_535;

/** `5000`, `127.0.0.1:5000`, `[::1]:5000`; a port alone is on loopback. */
const address = z.string().transform((text, context) => {
  const match = /^(?:(.+):)?(\d{1,5})$/.exec(text);
  const port = match ? Number(match[2]) : NaN;
  if (!match || !(port <= MOST_PORT)) {
    context.addIssue(`is '${text}', but must be HOST:PORT or a port up to ${MOST_PORT}`);
    return z.NEVER;
  }
  return { host: ((match[1] as string | undefined) ?? '127.0.0.1').replace(/^\[(.*)\]$/, '$1'), port };
});

const descriptor = z.coerce.number().int().min(0).optional();

/** `1=4,2=0.5`: weights by the id of a replica. */
const weightsById = z.string().transform((text, context): Record<string, number> => {
  const pairs = text.split(',').map((pair) => pair.split('='));
  const isLegal = ([id, weight]: string[]): boolean => /^[1-9]\d*$/.test(id) && Number(weight) > 0;
  if (pairs.every(isLegal)) return Object.fromEntries(pairs.map(([id, weight]) => [id, Number(weight)]));
  context.addIssue(`is '${text}', but must be weights by id, as 1=4,2=0.5`);
  return z.NEVER;
});

const milliseconds = z.coerce.number().min(0).max(86_400_000);

/** What is left is for connections to replicas, which are fewer. */
const OF_THE_FILES = 0.75;

function orMostOfTheFiles(given: number): number {
  if (given > 0) return given;
  const limits = existsSync('/proc/self/limits') ? readFileSync('/proc/self/limits', 'utf8') : '';
  const most = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Infinity);
  return Math.max(1, Math.floor(most * OF_THE_FILES));
}

const schema = z.strictObject({
  /** The supervisor's socket. */
  control: z.string().min(1),
  listen: address.default({ host: '127.0.0.1', port: 5000 }),
  admin: address.default({ host: '127.0.0.1', port: 5001 }),
  /** Descriptors of sockets that listen on these addresses already. */
  listenFd: descriptor,
  adminFd: descriptor,
  key: z.string().default('random'),
  scenario: z.custom<Scenario>().default(scenario()),
  connectMs: milliseconds.min(1).default(300),
  /** Longest wait for the head of an answer, 0 for any. */
  headMs: milliseconds.default(10_000),
  /** Longest silence within an answer, 0 for any. */
  bodyMs: milliseconds.default(60_000),
  /** Longest silence within a connection that switched protocols, 0 for any. */
  tunnelMs: milliseconds.default(3_600_000),
  /** The protocols that a connection may switch to. */
  upgrade: z
    .string()
    .transform((list) =>
      list
        .toLowerCase()
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    )
    .default(['websocket']),
  clientHeadMs: milliseconds.default(10_000),
  clientBodyMs: milliseconds.default(30_000),
  clientSendMs: milliseconds.default(60_000),
  clientIdleMs: milliseconds.default(65_000),
  halfCloseMs: milliseconds.default(250),
  headBytes: z.coerce.number().int().min(256).max(1_048_576).default(16_384),
  fields: z.coerce.number().int().min(1).max(10_000).default(100),
  /** Bytes of a request's body, 0 for any. */
  bodyBytes: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
  /** Connections from one address at once, 0 for any. */
  clientConnections: z.coerce.number().int().min(0).max(10_000_000).default(0),
  /** Connections of clients at once, 0 for three quarters of the files that this process may open. */
  maxConnections: z.coerce.number().int().min(0).max(10_000_000).default(0).transform(orMostOfTheFiles),
  ...failoverShape,
  /** Most connections to one replica. */
  connections: z.coerce.number().int().min(1).max(10_000).default(256),
  replicaHeader: z
    .string()
    .regex(/^[\w-]*$/)
    .default('X-Replica'),
  /** From readiness being taken back to the end of listening: in which those in front look elsewhere. */
  lingerMs: milliseconds.default(0),
  /** How long a gateway that was replaced waits for its clients to leave, 0 for as long as they stay. */
  retireMs: milliseconds.default(600_000),
  /** The longest that failures are rehearsed before clients are taken, 0 for not at all. */
  rehearsalMs: milliseconds.default(1500),
  /** Lets anybody change the fleet, also where others than this machine reach the port. */
  open: z.union([z.boolean(), z.stringbool()]).default(false),
  /** What changes of the fleet and of knobs are asked for. */
  token: z.string().optional(),
  accessLog: z.union([z.boolean(), z.stringbool()]).default(false),
  logLevel: z.enum(logLevels).default('info'),
  /** Which of the gateways on the port it is, from 0; the first one has the admin listener. */
  gatewayIndex: z.coerce.number().int().min(0).default(0),
  gatewayCount: z.coerce.number().int().min(0).default(0),
  /** How many gateways the supervisor started before it, which makes the names of recordings different. */
  gatewayStart: z.coerce.number().int().min(0).default(0),
  /** Weights that were turned before this gateway started. */
  weightsById: weightsById.default({}),
  /** The file that events are recorded to. */
  record: z.string().min(1).optional(),
});

/** What a gateway runs with. */
export type GatewayConfig = z.output<typeof schema>;

/** What may be given; the rest has defaults. */
export type GatewayOptions = z.input<typeof schema>;

/** @throws InputError naming the first value that is not legal */
export function gatewayConfig(given: GatewayOptions): GatewayConfig {
  const read = schema.safeParse(given);
  if (read.success) {
    refuseUntold(read.data.scenario);
    return read.data;
  }
  const [{ path, message }] = read.error.issues;
  const flag = path.join('.').replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
  throw new InputError(`--${flag} ${message.replace(/^(?!is |must )/, 'is not legal: ')}.`);
}

/**
 * The configuration of one gateway of several: a seed of its own, since equal random choices in all of them would meet at
 * the same replica, and a recording of its own.
 */
export function inItsPlace(config: GatewayConfig): GatewayConfig {
  const { gatewayCount, gatewayIndex, gatewayStart, record } = config;
  const alone = gatewayCount <= 1 && gatewayStart === 0;
  return {
    ...config,
    scenario: ofItsOwn(config.scenario, gatewayIndex),
    record: alone || record === undefined ? record : record.replace(/(\.[^./]*)?$/, `.${gatewayStart + 1}$1`),
  };
}

/** Knobs for the gateway of an index, the first of which has them as they are. */
export function ofItsOwn<T extends Partial<Scenario>>(given: T, index: number): T {
  return given.seed === undefined ? given : { ...given, seed: given.seed + index };
}
