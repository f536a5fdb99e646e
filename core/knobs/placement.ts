/** Knobs of how a key finds its replica. The defaults are the lab's (LAB 2.1 to 2.3). */
import { MAX_SLOTS } from '../hash/slot.ts';
import { choice, integer, pick } from '../knob.ts';
import { probings } from '../placement/probing.ts';
import { knobsOf } from './knob.ts';

const { numeric, textual } = knobsOf('placement');

/** No fleet is larger. */
export const MOST_REPLICAS = 100_000;

export const placementKnobs = {
  replicas: numeric('replicas', 3, integer(1, MOST_REPLICAS), 'replicas behind the balancer (N)'),
  slots: numeric('slots', 512, integer(1, MAX_SLOTS), 'slots of the ring (M)'),
  vnodes: numeric('vnodes', 9, integer(1, 1_000_000), 'virtual servers a replica (K)'),
  vnodeFrom: numeric('vnode-from', 0, integer(0, 1), 'number of the first virtual server (j)'),
  firstId: numeric('first-id', 1, integer(0, 1_000_000_000), 'numeric id of the first replica (i)'),
  probing: textual(
    'probing',
    'linear',
    choice('probing', Object.keys(probings)),
    'where a virtual server goes when its slot is taken',
  ),
  requestHash: textual(
    'request-hash',
    'poly(1,2,17)',
    pick((t) => t.hashes),
    'hash of a request (H)',
  ),
  serverHash: textual(
    'server-hash',
    'phi(1,1,2,25)',
    pick((t) => t.hashes),
    'hash of a virtual server (Φ)',
  ),
  placement: textual(
    'placement',
    'slot-ring',
    pick((t) => t.placements),
    'how a key finds its replica',
  ),
} as const;
