/** A Balancer whose verbs are written down as they are called. */
import type { Balancer } from '../../core/types.ts';
import type { Record } from './events.ts';

/** Decorates a balancer; a replica that cannot join is an error as before, and leaves no event. */
export function recorded(inner: Balancer, epoch: number, record: Record): Balancer {
  return {
    pick(request, now) {
      const handle = inner.pick(request, now);
      record(['p', now, request.key, handle]);
      return handle;
    },
    started(handle, now) {
      inner.started(handle, now);
      record(['s', now, handle]);
    },
    finished(handle, now, outcome, tookMs) {
      inner.finished(handle, now, outcome, tookMs);
      record(['f', now, handle, outcome, tookMs, epoch]);
    },
    joined(replica, now) {
      inner.joined(replica, now);
      record(['j', now, replica.handle, replica.id, replica.name, replica.weight]);
    },
    left(handle, now) {
      inner.left(handle, now);
      record(['l', now, handle]);
    },
  };
}
