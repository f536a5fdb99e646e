/** Passes questions of one gateway on to the others, and their answers back: the supervisor does not look into either. */
import type { Worker } from 'node:cluster';
import { z } from 'zod';
import type { Asking, PeerMessage } from './types.ts';

/** Whoever has not answered by then is left out. */
const PATIENCE_MS = 1000;

const message = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ask'),
    id: z.int(),
    question: z.object({
      kind: z.enum(['metrics', 'turn']),
      changes: z.record(z.string(), z.unknown()).optional(),
    }),
  }),
  z.object({ type: z.literal('answer'), id: z.int(), answer: z.unknown() }),
]);

/** A question on its way. */
interface Open {
  readonly waiting: Set<Worker>;
  readonly answers: unknown[];
  end(): void;
}

/** The gateways that can be asked. */
export class Relay {
  readonly #workers = new Set<Worker>();
  readonly #open = new Map<number, Open>();
  readonly #turned: (changes: Readonly<Record<string, unknown>>) => void;
  #lastId = 0;

  /** @param turned hears of knobs that were turned in all gateways */
  constructor(turned: (changes: Readonly<Record<string, unknown>>) => void) {
    this.#turned = turned;
  }

  /** A gateway listens, from now on also to this; `missed` are the knobs that were turned while it started. */
  add(worker: Worker, missed: Readonly<Record<string, unknown>>): void {
    this.#workers.add(worker);
    if (Object.keys(missed).length > 0)
      send(worker, { type: 'ask', id: 0, question: { kind: 'turn', changes: missed } });
    worker.on('message', (given: unknown) => {
      const read = message.safeParse(given);
      if (!read.success) return;
      if (read.data.type === 'ask') this.#ask(worker, read.data);
      else this.#answered(worker, read.data.id, read.data.answer);
    });
  }

  /** A gateway has ended. */
  remove(worker: Worker): void {
    this.#workers.delete(worker);
    for (const open of this.#open.values())
      if (open.waiting.delete(worker) && open.waiting.size === 0) open.end();
  }

  #ask(asker: Worker, { id: askersId, question }: Asking): void {
    if (question.kind === 'turn' && question.changes) this.#turned(question.changes);
    const id = ++this.#lastId;
    const waiting = new Set([...this.#workers].filter((worker) => worker !== asker));
    const answers: unknown[] = [];
    const end = (): void => {
      clearTimeout(timer);
      this.#open.delete(id);
      send(asker, { type: 'answers', id: askersId, answers });
    };
    const timer = setTimeout(end, PATIENCE_MS);
    this.#open.set(id, { waiting, answers, end });
    for (const worker of waiting) send(worker, { type: 'ask', id, question });
    if (waiting.size === 0) end();
  }

  #answered(worker: Worker, id: number, answer: unknown): void {
    const open = this.#open.get(id);
    if (!open?.waiting.delete(worker)) return;
    open.answers.push(answer);
    if (open.waiting.size === 0) open.end();
  }
}

function send(worker: Worker, given: PeerMessage): void {
  if (worker.isConnected()) worker.send(given);
}
