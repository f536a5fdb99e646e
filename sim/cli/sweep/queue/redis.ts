/** The connection to Redis: checked when it is opened, patient when Redis goes away later, silent about passwords. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { InputError } from '../../../../core/input-error.ts';
import { say } from '../say.ts';

const CONNECT_MS = 5000;
const LONGEST_RETRY_MS = 1000;

/** A URL as it may be shown: without its user and password. */
function shown({ protocol, host }: URL): string {
  return `${protocol}//${host}`;
}

/** @throws InputError unless it is a URL of Redis, with or without TLS */
function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const right = url !== null && ['redis:', 'rediss:'].includes(url.protocol) && url.hostname !== '';
  if (right && /^(\/\d*)?$/.test(url.pathname)) return url;
  const what = url === null || url.hostname === '' ? 'The URL of --queue' : `--queue ${shown(url)}`;
  throw new InputError(`${what} must be redis:// or rediss:// and a host, such as redis://127.0.0.1:6379 or redis://:password@host/2.`); // prettier-ignore
}

/**
 * A connection that answers. From then on it waits for Redis when it goes away, and says so.
 * @throws InputError when nothing answers, or Redis turns this client away
 */
export async function connect(text: string): Promise<Redis> {
  const url = urlOf(text);
  let everReady = false;
  let last = 'no answer';
  const redis = new Redis(url.href, {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    maxRetriesPerRequest: null, // BullMQ asks for it: a command waits until Redis is back
    retryStrategy: (times) => (everReady ? Math.min(times * 50, LONGEST_RETRY_MS) : null),
  });
  redis.on('error', (error: NodeJS.ErrnoException) => (last = error.code ?? error.message));
  const answers = redis.connect().then(() => redis.ping());
  const late = sleep(CONNECT_MS, undefined, { ref: false }).then(() =>
    Promise.reject(new Error('no answer')),
  );
  try {
    await Promise.race([answers, late]);
  } catch (error) {
    redis.disconnect();
    const why = error instanceof Error && error.message !== 'Connection is closed.' ? error.message : last;
    throw new InputError(`No Redis answers at ${shown(url)} (${why}).`);
  }
  everReady = true;
  tellOutages(redis, shown(url));
  return redis;
}

function tellOutages(redis: Redis, where: string): void {
  let away = false;
  redis.on('close', () => {
    if (!away && redis.status !== 'end') say(`Redis at ${where} is away; waiting for it.`);
    away = true;
  });
  redis.on('ready', () => {
    if (away) say(`Redis at ${where} is back.`);
    away = false;
  });
}
