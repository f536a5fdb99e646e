/** The Docker engine: reached as its own command line reaches it, its errors turned into sentences that say what to do. */
import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import Docker from 'dockerode';
import { InputError } from '../../../core/input-error.ts';

const SOCKET = '/var/run/docker.sock';

/**
 * DOCKER_HOST and its TLS variables, or the local socket. Every call has a connection of its own: an engine that is
 * shutting down refuses new ones at once, but serves the old ones on, and would start containers that it then forgets.
 */
export function engine(): Docker {
  const { DOCKER_HOST: host = '' } = process.env;
  if (host.startsWith('ssh:')) return new Docker();
  const own = { keepAlive: false };
  const agent = process.env.DOCKER_TLS_VERIFY ? new TlsAgent(own) : new Agent(own);
  return new Docker({ agent } as Docker.DockerOptions); // its types do not know of agents
}

interface EngineError extends Error {
  readonly code?: string;
  readonly statusCode?: number;
  readonly json?: { readonly message?: string };
}

/** The HTTP status of an answer, or the system's code when there was none. */
export function codeOf(error: unknown): number | string | undefined {
  const { code, statusCode } = error as EngineError;
  return statusCode ?? code;
}

/** Errors that say that the thing is gone, or that the state asked for is there already. */
export function isGone(error: unknown): boolean {
  const code = codeOf(error);
  return (
    code === 404 ||
    code === 304 ||
    (code === 409 && /already in progress|is not running/.test(reasonOf(error)))
  );
}

/** What the engine said, without its wrapping. */
export function reasonOf(error: unknown): string {
  const { json, message } = error as EngineError;
  return json?.message ?? message;
}

/** An error of the engine as one sentence with a remedy, where there is one. */
export function explained(error: unknown): unknown {
  if (error instanceof InputError) return error;
  const where = process.env.DOCKER_HOST ?? SOCKET;
  const reason = reasonOf(error);
  const remedy = remedies.find(({ codes, words }) =>
    words ? words.test(reason) : codes.includes(codeOf(error) ?? ''),
  );
  return remedy ? new InputError(remedy.sentence(where)) : error;
}

interface Remedy {
  readonly codes: readonly (number | string)[];
  readonly words?: RegExp;
  sentence(where: string): string;
}

const remedies: readonly Remedy[] = [
  {
    codes: ['EACCES', 'EPERM'],
    sentence: (where) =>
      `No permission to use Docker at ${where}: join the group docker (sudo usermod -aG docker $USER, then log in again), or use sudo.`,
  },
  {
    codes: ['ENOENT', 'ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ETIMEDOUT', 'ECONNRESET'],
    sentence: (where) =>
      `Docker does not answer at ${where}: start it (sudo systemctl start docker), or do without it by --driver process.`,
  },
  {
    codes: [],
    words: /no space left on device/i,
    sentence: () =>
      'The disk that Docker uses is full: free some space (docker system df shows what uses it).',
  },
  {
    codes: [],
    words: /non-overlapping IPv4 address pool|all predefined address pools/i,
    sentence: () =>
      'Docker has no address range left for another network: remove unused networks (docker network ls, docker network rm NAME).',
  },
];
