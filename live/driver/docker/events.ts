/** Docker's own events: a replica's end is known before its connections break; a silence is ended by asking again. */
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { End } from '../../types.ts';
import { only } from './labels.ts';

export interface EventHandlers {
  ended(key: string, end: End): void;
  /** The events could be heard again after a time in which some may have been missed. */
  recovered(): void;
}

interface Event {
  readonly Action: string;
  readonly Actor: { readonly ID: string };
}

const ends: Readonly<Record<string, End>> = { die: 'exited', destroy: 'removed', pause: 'paused' };
const RETRY_MS = 100;

/** Listens until the function that comes back is called. Resolves once the first subscription stands. */
export async function listen(docker: Docker, stack: string, handlers: EventHandlers): Promise<() => void> {
  const filters = {
    type: ['container' as const],
    event: [...Object.keys(ends), 'oom'],
    label: only(stack, 'replica'),
  };
  let closed = false;
  let stream = await docker.getEvents({ filters });

  async function follow(): Promise<void> {
    while (!closed) {
      await read(stream, handlers).catch(() => undefined);
      await resubscribe();
    }
  }

  async function resubscribe(): Promise<void> {
    while (!closed) {
      await sleep(RETRY_MS);
      try {
        stream = await docker.getEvents({ filters });
        handlers.recovered();
        return;
      } catch {
        // not yet
      }
    }
  }

  void follow();
  return () => {
    closed = true;
    (stream as unknown as { destroy(): void }).destroy();
  };
}

/** One JSON object a line. A container that ran out of memory says so before it dies. */
async function read(stream: NodeJS.ReadableStream, handlers: EventHandlers): Promise<void> {
  const starved = new Set<string>();
  for await (const line of createInterface({ input: stream })) {
    const { Action: action, Actor: actor } = JSON.parse(line) as Event;
    if (action === 'oom') {
      starved.add(actor.ID);
    } else if (Object.hasOwn(ends, action)) {
      handlers.ended(actor.ID, starved.delete(actor.ID) ? 'oom' : ends[action]);
    }
  }
}
