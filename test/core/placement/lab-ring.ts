/** The lab's ring and its replicas, for tests by number. */
import { probings } from '../../../core/placement/probing.ts';
import { slotRing } from '../../../core/placement/slot-ring.ts';
import type { SlotRing } from '../../../core/placement/slot-ring.ts';
import { hashOf } from '../../../core/resolve.ts';
import type { Replica } from '../../../core/types.ts';

/** What the lab's ring is made of. */
export const lab = {
  slots: 512,
  vnodes: 9,
  vnodeFrom: 0,
  probing: 'linear',
  requestHash: 'poly',
  serverHash: 'phi',
};

/** An empty ring, the lab's but for what is given. */
export function ringOf(given: Partial<typeof lab> = {}): SlotRing {
  const { probing, requestHash, serverHash, ...sizes } = { ...lab, ...given };
  return slotRing({
    ...sizes,
    probing: probings[probing],
    requestHash: hashOf(requestHash),
    serverHash: hashOf(serverHash),
  });
}

/** The replica S<id> of the lab; its handle is its id less 1. */
export function server(id: number): Replica {
  return { handle: id - 1, id, name: `S${id}`, weight: 1 };
}

/** The ring with the replicas 1 to N on it. */
export function labRing(replicas: number, given: Partial<typeof lab> = {}): SlotRing {
  const ring = ringOf(given);
  for (let id = 1; id <= replicas; id++) ring.add(server(id));
  return ring;
}
