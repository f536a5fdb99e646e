/** The gateway's end of the control protocol: HTTP over the supervisor's Unix domain socket. */
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Logger } from '../log.ts';
import type { Snapshot, Suspicion } from '../types.ts';

const member = z.object({
  handle: z.int().min(0),
  id: z.int().min(0),
  name: z.string().min(1),
  weight: z.number().positive(),
  host: z.string().min(1),
  port: z.int().min(1).max(65_535),
  state: z.enum(['starting', 'ready', 'draining']),
});

const snapshotSchema = z.object({
  version: z.int().min(0),
  wanted: z.int().min(0),
  standbys: z.int().min(0).optional(),
  members: z.array(member),
});

/** The supervisor's stream says something every few seconds; after this silence it is taken for dead. */
const SILENCE_MS = 15_000;
const RECONNECT_MS = 200;
const CALL_MS = 120_000;
const SUSPECT_MS = 1000;

/** An answer as it came. */
export interface Reply {
  readonly status: number;
  readonly text: string;
}

/** A payload on its way to the supervisor, who judges it. */
export interface Payload {
  readonly body: Buffer;
  readonly contentType: string | undefined;
}

/** The supervisor, as the gateway sees it. */
export class Control {
  readonly #path: string;
  readonly #log: Logger;
  #stream: IncomingMessage | undefined;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;
  /** Said once an absence, not at every try. */
  #away = false;

  constructor(path: string, log: Logger) {
    this.#path = path;
    this.#log = log;
  }

  /** True while the stream of snapshots is open. */
  get connected(): boolean {
    return this.#stream !== undefined;
  }

  async call(method: string, path: string, payload?: Payload, timeoutMs = CALL_MS): Promise<Reply> {
    const response = await this.#send(method, path, timeoutMs, payload);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    return { status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() };
  }

  async members(): Promise<Snapshot> {
    const { text } = await this.call('GET', '/members', undefined, SILENCE_MS);
    return snapshotSchema.parse(JSON.parse(text));
  }

  /** Asks the supervisor to look at a replica; that it cannot be asked is worth a line of the log and no more. */
  suspect(suspicion: Suspicion): void {
    const body = Buffer.from(JSON.stringify(suspicion));
    this.call('POST', '/suspect', { body, contentType: 'application/json' }, SUSPECT_MS).catch(
      (error: unknown) => {
        this.#log.warn({ ...suspicion, error: String(error) }, 'suspicion not delivered');
      },
    );
  }

  /** Follows the snapshots until closed, through every interruption. */
  follow(apply: (snapshot: Snapshot) => void): void {
    if (this.#closed) return;
    this.#read(apply)
      .then(() => 'it ended the stream', String)
      .then((reason) => {
        this.#stream = undefined;
        if (this.#closed) return;
        if (!this.#away) this.#log.warn({ reason }, 'supervisor away');
        this.#away = true;
        this.#retry = setTimeout(() => {
          this.follow(apply);
        }, RECONNECT_MS);
      })
      .catch((error: unknown) => {
        this.#log.error({ err: error }, 'control stream lost');
      });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#stream?.destroy();
  }

  async #read(apply: (snapshot: Snapshot) => void): Promise<void> {
    const stream = await this.#send('GET', '/members/stream', SILENCE_MS);
    if (stream.statusCode !== 200) throw new Error(`the supervisor answered ${stream.statusCode ?? 0}`);
    if (this.#closed) stream.destroy();
    this.#stream = stream;
    this.#away = false;
    this.#log.info('control stream open');
    for await (const line of createInterface({ input: stream })) {
      if (line !== '') apply(snapshotSchema.parse(JSON.parse(line)));
    }
  }

  #send(method: string, path: string, timeoutMs: number, payload?: Payload): Promise<IncomingMessage> {
    const { body, contentType } = payload ?? {};
    const headers = {
      ...(body && { 'content-length': body.length }),
      ...(contentType !== undefined && { 'content-type': contentType }),
    };
    return new Promise((resolve, reject) => {
      const options = { socketPath: this.#path, method, path, headers, timeout: timeoutMs, agent: false };
      const request = httpRequest(options, resolve);
      request.on('timeout', () =>
        request.destroy(new Error(`no word from the supervisor in ${timeoutMs} ms`)),
      );
      request.on('error', reject);
      request.end(body);
    });
  }
}
