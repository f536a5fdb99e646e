/** The other gateways of the stack, as one of them sees them: they can be asked, by way of the supervisor. */
import type { PeerMessage, Question } from '../types.ts';

/** The supervisor, as a process that was forked by it sees it. */
export interface Channel {
  send?(message: PeerMessage): unknown;
  on(event: 'message', listener: (message: PeerMessage) => void): unknown;
  off(event: 'message', listener: (message: PeerMessage) => void): unknown;
  readonly connected: boolean;
}

/** Asks, and answers what is asked. */
export class Peers {
  readonly #channel: Channel | null;
  readonly #answer: (question: Question) => Promise<unknown>;
  readonly #inherit: (share: unknown) => void;
  readonly #waiting = new Map<number, (answers: readonly unknown[]) => void>();
  #lastId = 0;

  /** @param channel null for a gateway without others @param inherit hears the metrics of those that have ended */
  constructor(
    channel: Channel | null,
    answer: (question: Question) => Promise<unknown>,
    inherit: (share: unknown) => void,
  ) {
    this.#channel = channel;
    this.#answer = answer;
    this.#inherit = inherit;
    channel?.on('message', this.#heard);
  }

  /** The answers of all others that give one in time; none when there are no others. */
  ask(question: Question, share?: unknown): Promise<readonly unknown[]> {
    const channel = this.#channel;
    if (!channel?.connected) return Promise.resolve([]);
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      channel.send?.({ type: 'ask', id, question, share });
    });
  }

  /** Leaves its metrics to others. */
  leave(share: unknown): void {
    if (this.#channel?.connected) this.#channel.send?.({ type: 'share', share });
  }

  /** Asks for a restart of all gateways, this one included; false when nobody is there who could. */
  restart(): boolean {
    const channel = this.#channel;
    if (!channel?.connected) return false;
    channel.send?.({ type: 'restart' });
    return true;
  }

  close(): void {
    this.#channel?.off('message', this.#heard);
    for (const resolve of this.#waiting.values()) resolve([]);
  }

  readonly #heard = (message: PeerMessage): void => {
    if (message.type === 'answers') {
      this.#waiting.get(message.id)?.(message.answers);
      this.#waiting.delete(message.id);
    } else if (message.type === 'bequest') this.#inherit(message.share);
    else if (message.type === 'ask') void this.#reply(message.id, message.question);
  };

  async #reply(id: number, question: Question): Promise<void> {
    const answer = await this.#answer(question).catch((error: unknown) => ({ error: String(error) }));
    if (this.#channel?.connected) this.#channel.send?.({ type: 'answer', id, answer });
  }
}
