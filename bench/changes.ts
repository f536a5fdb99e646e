/** How long it takes to build a ring of 1,000 servers with 160 points each, and to remove a server from it. */
import { probings } from '../core/placement/probing.ts';
import { ring } from '../core/placement/ring.ts';
import { hashOf } from '../core/resolve.ts';
import { median } from '../core/stats/timing.ts';
import type { Placement } from '../core/types.ts';

/** Medians of several tries. */
export interface Changes {
  readonly buildMs: number;
  readonly removeUs: number;
  readonly joinMs: number;
}

const SERVERS = 1000;
const TRIES = 15;

function built(): Placement {
  const placement = ring({ slots: 1, vnodes: 160, vnodeFrom: 0, probing: probings.linear, requestHash: hashOf('avalanche'), serverHash: hashOf('murmur3') }); // prettier-ignore
  for (let id = 0; id < SERVERS; id++) placement.add({ handle: id, id, name: `S${id}`, weight: 1 });
  placement.locate(1);
  return placement;
}

/** Processor time in ms, since others may share the machine. */
function timed(work: () => void): number {
  const began = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}

/** Every change is followed by a lookup, so that nothing is put off. */
export function measureChanges(): Changes {
  const builds = Array.from({ length: TRIES }, () => timed(built));
  const placement = built();
  const remove = (id: number) => (): void => {
    placement.remove(id);
    placement.locate(1);
  };
  const join = (id: number) => (): void => {
    placement.add({ handle: id, id, name: `S${id}`, weight: 1 });
    placement.locate(1);
  };
  const removals = Array.from({ length: TRIES }, (_, id) => timed(remove(id)));
  const joins = Array.from({ length: TRIES }, (_, id) => timed(join(id)));
  return { buildMs: median(builds), removeUs: median(removals) * 1000, joinMs: median(joins) };
}
