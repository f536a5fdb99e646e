/** Feeds a recording to a fresh balancer of core: every pick must come out as it did in the live run. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { InputError } from '../../core/input-error.ts';
import { seatOf } from '../../core/resolve.ts';
import type { Seat } from '../../core/resolve.ts';
import { asksPlacement } from '../../core/policy/by-key.ts';
import { scenario } from '../../core/scenario.ts';
import { tables as labTables } from '../../core/tables.ts';
import type { Tables } from '../../core/tables.ts';
import { NONE } from '../../core/types.ts';
import { readEvent, readHeader } from './events.ts';
import type { Event } from './events.ts';
import { nextAfter } from './next-after.ts';

/** The first pick that came out otherwise. */
export interface Mismatch {
  readonly line: number;
  readonly event: Event;
  /** What the fresh balancer chose. */
  readonly replayed: number;
}

/** What a replay found. */
export interface Replay {
  /** Events by verb. */
  readonly counts: Readonly<{ [verb in Event[0]]: number }>;
  /** Every policy that was in force, in order. */
  readonly policies: readonly string[];
  readonly mismatch: Mismatch | null;
  /** The last line was cut off, as a kill leaves it. */
  readonly truncated: boolean;
}

/**
 * Replays a file up to its end or the first mismatch.
 * @throws InputError when it is not a recording, or a line in the middle is not an event
 */
export async function replay(path: string, tables: Tables = labTables): Promise<Replay> {
  return await replayLines(createInterface({ input: createReadStream(path), crlfDelay: Infinity }), tables);
}

/** Replays lines, the header first. */
export async function replayLines(
  lines: AsyncIterable<string> | Iterable<string>,
  tables: Tables = labTables,
): Promise<Replay> {
  const counts = { j: 0, l: 0, p: 0, o: 0, s: 0, f: 0, b: 0 };
  const policies: string[] = [];
  const play: Play = { seats: [], members: new Set(), picked: NONE };
  let mismatch: Mismatch | null = null;
  let number = 0;
  let cutAt = 0;

  const build = (given: object): void => {
    const s = scenario(given, tables);
    const byKey = asksPlacement(tables.policies.choose(s.policy).entry);
    policies.push(byKey ? `${s.policy} over ${s.placement} with ${s.requestHash}` : s.policy);
    play.seats.push(seatOf(s, tables));
    play.members.clear();
  };

  for await (const line of lines) {
    number++;
    if (cutAt > 0) throw new InputError(`Line ${cutAt} of the recording is not an event.`);
    if (number === 1) {
      build(readHeader(line).scenario);
      continue;
    }
    const event = readEvent(line);
    if (event === undefined) {
      cutAt = number;
      continue;
    }
    counts[event[0]]++;
    if (event[0] === 'b') build(event[2]);
    const replayed = feed(event, play);
    if (replayed === null) continue;
    mismatch = { line: number, event, replayed };
    break;
  }
  if (number === 0) throw new InputError('The recording is empty.');
  return { counts, policies, mismatch, truncated: cutAt > 0 };
}

/** The balancers so far, who is a member of the newest, and what it picked last. */
interface Play {
  readonly seats: Seat[];
  readonly members: Set<number>;
  picked: number;
}

/** Plays one event to the newest balancer; returns the chosen handle when it is not the recorded one. */
function feed(event: Event, play: Play): number | null {
  const { members, seats } = play;
  const seat = seats[seats.length - 1];
  const newest = seat.balancer;
  switch (event[0]) {
    case 'j':
      newest.joined({ handle: event[2], id: event[3], name: event[4], weight: event[5] }, event[1]);
      members.add(event[2]);
      return null;
    case 'l':
      newest.left(event[2], event[1]);
      members.delete(event[2]);
      return null;
    case 's':
      newest.started(event[2], event[1]);
      return null;
    case 'f':
      seats[event[5]].balancer.finished(event[2], event[1], event[3], event[4]);
      return null;
    case 'p': {
      play.picked = newest.pick({ key: event[2] }, event[1]);
      return play.picked === event[3] ? null : play.picked;
    }
    case 'o': {
      const handle = nextAfter(event[3], event[2], seat, play.picked, members);
      return handle === event[4] ? null : handle;
    }
    default:
      return null;
  }
}
