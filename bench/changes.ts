/** How long it takes to build a ring and a Maglev table of 1,000 servers, and to remove a server and add it again. */
import { probings } from '../core/placement/probing.ts';
import { maglevEntry } from '../core/placement/maglev.ts';
import { ring } from '../core/placement/ring.ts';
import { hashOf } from '../core/resolve.ts';
import { median } from '../core/stats/timing.ts';
import type { Placement, PlacementOptions } from '../core/types.ts';

/** Medians of several tries. */
export interface Changes {
  /** What was changed, for a sentence. */
  readonly what: string;
  readonly buildMs: number;
  readonly removeUs: number;
  readonly joinMs: number;
}

const SERVERS = 1000;
const TRIES = 15;

const maglev = maglevEntry.make(maglevEntry.suiting?.(SERVERS) ?? []);

function populated(make: (options: PlacementOptions) => Placement): Placement {
  const placement = make({ slots: 1, vnodes: 160, vnodeFrom: 0, probing: probings.linear, requestHash: hashOf('avalanche'), serverHash: hashOf('murmur3') }); // prettier-ignore
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

/** Of a ring and of Maglev, which makes its whole table anew. */
export function measureChanges(): Changes[] {
  return [
    measured('Ring of 1,000 servers with 160 points each', () => populated(ring)),
    measured('Maglev over 1,000 servers', () => populated(maglev)),
  ];
}

/** Every change is followed by a lookup, so that nothing is put off. */
function measured(what: string, build: () => Placement): Changes {
  const builds = Array.from({ length: TRIES }, () => timed(build));
  const placement = build();
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
  return { what, buildMs: median(builds), removeUs: median(removals) * 1000, joinMs: median(joins) };
}
