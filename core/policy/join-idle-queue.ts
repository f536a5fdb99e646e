/** A queue of idle replicas: the longest idle one takes the request, and a random one when none is known to be idle. */
import type { PolicyEntry } from '../types.ts';
import { NONE } from '../types.ts';
import { fleet } from './fleet.ts';

/**
 * A single balancer sees by its own requests who is idle. One of several sees only a part: there a replica that becomes idle
 * reports to one balancer drawn at random (JIQ-Random in the paper), and those that have had no request yet are dealt.
 * A replica that is picked at random while it queues as idle stays in the queue, as in the paper.
 */
export const joinIdleQueueEntry: PolicyEntry = {
  name: 'join-idle-queue',
  summary: 'gives a request to the longest idle replica, or to a random one when it knows of none',
  source: 'Lu, Xie, Kliot, Geller, Larus, Greenberg 2011, Join-Idle-Queue',
  weights: false,
  make:
    () =>
    ({ random, balancer = { index: 0, of: 1 } }) => {
      const { members, ...counts } = fleet();
      /** Handles in the order of becoming idle, from `head` on. */
      let queue: number[] = [];
      let head = 0;
      /** By handle: whether it is a member, and whether it waits in the queue. */
      const member: boolean[] = [];
      const queued: boolean[] = [];

      function enqueue(handle: number): void {
        if (queued[handle] || !member[handle]) return;
        queued[handle] = true;
        queue.push(handle);
      }

      /** The longest idle member; those that have left are passed over. */
      function dequeue(): number {
        let found = NONE;
        while (found === NONE && head < queue.length) {
          const handle = queue[head++];
          if (queued[handle]) found = handle;
          queued[handle] = false;
        }
        if (2 * head > queue.length) [queue, head] = [queue.slice(head), 0];
        return found;
      }

      return {
        pick() {
          const idle = dequeue();
          if (idle !== NONE || members.length === 0) return idle;
          return members[Math.floor(random() * members.length)].handle;
        },
        started: (handle) => {
          counts.started(handle);
        },
        /** A replica that refused or lost a request has nothing in flight either, but is no place to send the next. */
        finished(handle, _now, outcome) {
          counts.finished(handle);
          if (balancer.of === 1 && outcome === 'ok' && counts.inFlight(handle) === 0) enqueue(handle);
        },
        joined(replica) {
          counts.joined(replica);
          member[replica.handle] = true;
          if (replica.handle % balancer.of === balancer.index) enqueue(replica.handle);
        },
        left(handle) {
          counts.left(handle);
          member[handle] = false;
          queued[handle] = false;
        },
        ...(balancer.of > 1 && { idle: enqueue }),
      };
    },
};
