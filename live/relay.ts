/** Passes questions of one gateway on to the others, and their answers back: the supervisor does not look into either. */
import type { ChildProcess } from 'node:child_process';
import { z } from 'zod';
import type { Asking, PeerMessage, Question, WeightsById } from './types.ts';

/** Whoever has not answered by then is left out. */
const PATIENCE_MS = 1000;

const message = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ask'),
    id: z.int(),
    question: z.object({
      kind: z.enum(['metrics', 'turn']),
      changes: z.record(z.string(), z.unknown()).optional(),
      weightsById: z.record(z.string(), z.number().positive()).optional(),
    }),
    share: z.unknown().optional(),
  }),
  z.object({ type: z.literal('share'), share: z.unknown() }),
  z.object({ type: z.literal('answer'), id: z.int(), answer: z.unknown() }),
]);

/** A question on its way. */
interface Open {
  readonly kind: Question['kind'];
  readonly waiting: Set<ChildProcess>;
  readonly answers: unknown[];
  end(): void;
}

/** Knobs that were turned, and all weights that were. */
export interface Turned {
  readonly changes: Readonly<Record<string, unknown>>;
  readonly weightsById: WeightsById;
}

/** The gateways that can be asked. */
export class Relay {
  readonly #workers = new Set<ChildProcess>();
  readonly #open = new Map<number, Open>();
  /** What was last shown of each gateway's counters, and of those that it inherited since. */
  readonly #shown = new Map<ChildProcess, unknown[]>();
  /** What nobody was there to inherit. */
  #orphaned: unknown[] = [];
  readonly #turned: (turned: Turned) => void;
  #lastId = 0;

  /** @param turned hears of knobs that were turned in all gateways */
  constructor(turned: (turned: Turned) => void) {
    this.#turned = turned;
  }

  /** A gateway listens, from now on also to this; `missed` is what was turned while it started. */
  add(worker: ChildProcess, missed: Turned | null): void {
    this.#workers.add(worker);
    this.#bequeath(this.#orphaned.splice(0));
    if (missed) tell(worker, { type: 'ask', id: 0, question: { kind: 'turn', ...missed } });
    worker.on('message', (given: unknown) => {
      const read = message.safeParse(given);
      if (!read.success) return;
      if (read.data.type === 'ask') this.#ask(worker, read.data);
      else if (read.data.type === 'answer') this.#answered(worker, read.data.id, read.data.answer);
      else this.#shown.set(worker, [read.data.share]);
    });
  }

  /** Has all gateways turn what was turned elsewhere; nobody waits for their answers. */
  turn(turned: Turned): void {
    for (const worker of this.#workers) tell(worker, { type: 'ask', id: 0, question: { kind: 'turn', ...turned } }); // prettier-ignore
  }

  /** A gateway has ended. */
  remove(worker: ChildProcess): void {
    this.#workers.delete(worker);
    const left = this.#shown.get(worker) ?? [];
    this.#shown.delete(worker);
    this.#bequeath(left);
    for (const open of this.#open.values())
      if (open.waiting.delete(worker) && open.waiting.size === 0) open.end();
  }

  /** Counters never go back: those of a gateway that has ended are another one's from then on. */
  #bequeath(left: readonly unknown[]): void {
    const [heir] = this.#workers;
    if ((heir as ChildProcess | undefined) === undefined) this.#orphaned.push(...left);
    else this.#shown.set(heir, [...(this.#shown.get(heir) ?? []), ...left]);
    for (const share of left) if (this.#workers.size > 0) tell(heir, { type: 'bequest', share });
  }

  #ask(asker: ChildProcess, { id: askersId, question, share }: Asking): void {
    if (share !== undefined) this.#shown.set(asker, [share]);
    const { changes = {}, weightsById = {} } = question;
    if (question.kind === 'turn') this.#turned({ changes, weightsById });
    const id = ++this.#lastId;
    const waiting = new Set([...this.#workers].filter((worker) => worker !== asker));
    const answers: unknown[] = [];
    const end = (): void => {
      clearTimeout(timer);
      this.#open.delete(id);
      tell(asker, { type: 'answers', id: askersId, answers });
    };
    const timer = setTimeout(end, PATIENCE_MS);
    this.#open.set(id, { kind: question.kind, waiting, answers, end });
    for (const worker of waiting) tell(worker, { type: 'ask', id, question });
    if (waiting.size === 0) end();
  }

  #answered(worker: ChildProcess, id: number, answer: unknown): void {
    const open = this.#open.get(id);
    if (!open?.waiting.delete(worker)) return;
    open.answers.push(answer);
    if (open.kind === 'metrics') this.#shown.set(worker, [answer]);
    if (open.waiting.size === 0) open.end();
  }
}

/** Tells a gateway something. One that ends meanwhile does not hear it, which is no error: its end is told by itself. */
export function tell(worker: ChildProcess, given: PeerMessage): void {
  if (worker.connected) worker.send(given, () => undefined);
}
