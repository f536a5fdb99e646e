/** Sends one request over a bounded pool of connections and says what became of it, and which replica answered. */
import { Pool } from 'undici';
import type { Dispatcher } from 'undici';
import type { LoadPlan } from './options.ts';

/** How a request ended. `status`: an answer, but not a 2xx or 3xx one. */
export type Ending = 'ok' | 'status' | 'refused' | 'reset' | 'timeout' | 'unreachable' | 'other';

/** What came of a request. */
export interface Reply {
  readonly ending: Ending;
  /** 0 where none came. */
  readonly status: number;
  /** The replica that answered, where the answer says so. */
  readonly replica: string | null;
  /** How long the replica says that it served, in ms, where it says so. */
  readonly serviceMs: number | null;
}

/** Sends a request with this id, or without one; `done` is called once. */
export type Send = (id: string | null, done: (reply: Reply) => void) => void;

/** Connections to one target. */
export interface Sender {
  readonly send: Send;
  close(): Promise<void>;
}

const endings: Readonly<Record<string, Ending>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENOTFOUND: 'unreachable',
  EAI_AGAIN: 'unreachable',
};

/** LAB 1.2: `{"message": "Hello from Server: <ID>", …}`. */
const GREETING = /Hello from Server: ([^"\\]+)"/;
const GREETING_BYTES = 512;

/** Opens nothing yet; connections are made as requests need them. */
export function sender({ url, method, headers, body, connections, timeoutMs }: LoadPlan): Sender {
  const { origin, pathname, search } = new URL(url);
  const pool = new Pool(origin, { connections, headersTimeout: 0, bodyTimeout: 0 });
  const base = pathname + search;
  const idBase = `${base}${search === '' ? '?' : '&'}id=`;
  return {
    send(id, done) {
      const path = id === null ? base : idBase + encodeURIComponent(id);
      const listener = new Reader(timeoutMs, done);
      pool.dispatch({ method, path, headers: { ...headers }, body }, listener);
    },
    close: () => pool.destroy(),
  };
}

/** Reads one answer. It implements undici's plainer handler interface, which costs the least. */
class Reader implements Dispatcher.DispatchHandler {
  readonly #done: (reply: Reply) => void;
  readonly #timer: NodeJS.Timeout;
  #abort: ((error?: Error) => void) | undefined;
  #over = false;
  #status = 0;
  #replica: string | null = null;
  #serviceMs: number | null = null;
  #text = '';

  constructor(timeoutMs: number, done: (reply: Reply) => void) {
    this.#done = done;
    this.#timer = setTimeout(this.#late, timeoutMs);
  }

  onConnect(abort: (error?: Error) => void): void {
    if (this.#over) abort();
    else this.#abort = abort;
  }

  onHeaders(status: number, raw: Buffer[]): boolean {
    this.#status = status;
    this.#replica = field(raw, 'x-replica');
    const serviceMs = field(raw, 'x-service-ms');
    this.#serviceMs = serviceMs === null ? null : Number(serviceMs);
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (this.#replica === null && this.#text.length < GREETING_BYTES) this.#text += chunk.toString('latin1');
    return true;
  }

  onComplete(): void {
    this.#replica ??= GREETING.exec(this.#text)?.[1] ?? null;
    this.#end(this.#status < 400 ? 'ok' : 'status');
  }

  onError(error: Error): void {
    this.#end(('code' in error ? endings[String(error.code)] : undefined) ?? 'other');
  }

  #end(ending: Ending): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#done({ ending, status: this.#status, replica: this.#replica, serviceMs: this.#serviceMs });
  }

  readonly #late = (): void => {
    this.#end('timeout');
    this.#abort?.();
  };
}

/** A field of an answer by its name in lower case; only names of the same length are looked at. */
function field(raw: readonly Buffer[], name: string): string | null {
  for (let i = 0; i < raw.length; i += 2) {
    const found = raw[i].length === name.length && raw[i].toString('latin1').toLowerCase() === name;
    if (found) return raw[i + 1].toString('latin1');
  }
  return null;
}
