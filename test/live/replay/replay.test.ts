/** Equality between worlds: what a live run recorded, core decides again, for every policy and through every change. */
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../core/input-error.ts';
import { stream } from '../../../core/random/stream.ts';
import { scenario } from '../../../core/scenario.ts';
import { tables } from '../../../core/tables.ts';
import { NONE } from '../../../core/types.ts';
import { Director } from '../../../live/gateway/director.ts';
import type { Ticket } from '../../../live/gateway/director.ts';
import type { Event, Header } from '../../../live/replay/events.ts';
import { replayLines } from '../../../live/replay/replay.ts';
import { verdict } from '../../../live/replay/cli.ts';

const policies = tables.policies.entries.filter(({ needs }) => needs === undefined).map(({ name }) => name);
const untold = tables.policies.entries.filter(({ needs }) => needs !== undefined).map(({ name }) => name);
const replica = (handle: number) => ({ handle, id: handle + 1, name: `S${handle + 1}`, weight: 1 });

/** Drives a director with a stormy life and returns its recording. */
function recording(policy: string): string[] {
  const first = scenario({ policy });
  const header: Header = { evenly: 'events', format: 3, scenario: first, node: '', startedAt: '' };
  const lines = [JSON.stringify(header)];
  const random = stream(7, 'keys');
  let now = 0;
  const director = new Director({
    scenario: first,
    clock: () => (now = Math.round((now + random()) * 1000) / 1000),
    record: (event) => void lines.push(JSON.stringify(event)),
  });
  const underWay: Ticket[] = [];
  const traffic = (requests: number): void => {
    for (let i = 0; i < requests; i++) {
      const key = random() < 0.5 ? Math.floor(random() * 1e6) : `user-${Math.floor(random() * 1e6)}`;
      const handle = director.pick(key);
      if (handle !== NONE) underWay.push(director.start(handle));
      if (random() < 0.1) director.pickOther(key, [handle]);
      while (underWay.length > 20 * random()) {
        const [ticket] = underWay.splice(Math.floor(random() * underWay.length), 1);
        director.finish(ticket, random() < 0.9 ? 'ok' : 'lost');
      }
    }
  };

  traffic(3);
  for (let handle = 0; handle < 3; handle++) director.join(replica(handle));
  traffic(300);
  director.leave(1);
  traffic(300);
  director.join({ ...replica(3), id: 2 });
  traffic(300);
  director.swap(scenario({ policy: 'by-key', requestHash: 'md5', serverHash: 'sha1' }));
  traffic(300);
  director.swap(scenario({ policy, seed: 1 }));
  traffic(300);
  return lines;
}

describe.each(policies)('a recording of %s', (policy) => {
  it('replays to the same picks, every one, through a leaving, a joining and two swaps', async () => {
    const lines = recording(policy);
    const { mismatch, counts } = await replayLines(lines);
    expect(mismatch).toBeNull();
    expect(counts.p).toBeGreaterThan(1500);
    expect(counts.b).toBe(2);
  });

  it('names the first pick that was tampered with', async () => {
    const lines = recording(policy);
    const at = lines.findLastIndex((line) => line.startsWith('["p"'));
    const event = JSON.parse(lines[at]) as [...Event];
    event[3] = 2 - (event[3] as number);
    lines[at] = JSON.stringify(event[3] === 1 ? [...event.slice(0, 3), 99] : event);
    const found = await replayLines(lines);
    expect(found.mismatch?.line).toBe(at + 1);
    expect(verdict(found)).toMatch(/^Differs at line \d+: \["p",/);
  });
});

describe('a director', () => {
  it.each(untold)(
    'refuses %s, which needs what only the simulator knows, at its start and later',
    (policy) => {
      const options = { scenario: scenario({ policy: 'random' }), clock: () => 0 };
      expect(() => new Director({ ...options, scenario: scenario({ policy }) })).toThrow(InputError);
      const director = new Director(options);
      expect(() => { director.swap(scenario({ policy })); }).toThrow(`The policy ${policy} needs `); // prettier-ignore
      expect(director.scenario.policy).toBe('random');
    },
  );
});

describe('a recording', () => {
  it('may be cut off at its end, as a kill leaves it', async () => {
    const found = await replayLines([...recording('by-key'), '["p",12']);
    expect(found.truncated).toBe(true);
    expect(verdict(found)).toMatch(/^The same: .* The last line was cut off/);
  });

  it('is refused when a line in its middle is damaged, or its head is not one', async () => {
    const lines = recording('by-key');
    lines[10] = '["p",1,"a"]';
    await expect(replayLines(lines)).rejects.toThrow(InputError);
    await expect(replayLines(['{}'])).rejects.toThrow('not a recording');
    await expect(replayLines([])).rejects.toThrow('empty');
  });
});
