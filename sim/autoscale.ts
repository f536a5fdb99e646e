/** A fleet that follows its load: looks now and then, and starts or drains replicas. */
import type { Fleet } from './fleet.ts';
import type { Server } from './server.ts';
import type { Stage } from './stage.ts';

/** No change while the measure is within a tenth of its target. */
const TOLERANCE = 0.1;

/**
 * As many replicas as bring the mean of the measure to its target: n times measure over target, rounded up; none
 * within the tolerance (Kubernetes, Horizontal Pod Autoscaling, algorithm details). Those on their way count. The
 * measure is of the moment for requests in flight, and the mean since the last look for utilisation.
 */
export function scheduleAutoscale(stage: Stage, fleet: Fleet): void {
  const { kernel, scenario: s, servers } = stage;
  if (s.autoscale === 'none') return;
  let busyMs = 0;
  let lookedMs = 0;

  const serving = (): Server[] => servers.all().filter(({ alive, retired }) => alive && !retired);

  function utilisation(now: number, n: number): number {
    const total = stage.recorder.busyMs + servers.all().reduce((sum, server) => sum + server.busyMs(now), 0);
    const mean = (total - busyMs) / ((now - lookedMs) * n * s.workers);
    busyMs = total;
    lookedMs = now;
    return mean;
  }

  function measure(now: number, working: readonly Server[]): number {
    if (s.autoscale === 'utilisation') return utilisation(now, working.length);
    return working.reduce((sum, { inFlight }) => sum + inFlight, 0) / working.length;
  }

  const look = kernel.kind((_subject, _detail, now) => {
    kernel.at(now + s.scaleEvery, look, 0, 0);
    const working = serving();
    const ratio = working.length === 0 ? 1 : measure(now, working) / s.target;
    const present = working.length + fleet.starting;
    const asked = Math.abs(ratio - 1) <= TOLERANCE ? present : Math.ceil(working.length * ratio);
    const wanted = Math.min(s.scaleMax, Math.max(s.scaleMin, asked));
    for (let more = present; more < wanted; more++) fleet.order(fleet.freeId(), now);
    const surplus = Math.min(present - wanted, working.length - 1);
    for (const server of surplus > 0 ? working.slice(-surplus) : []) fleet.drain(server, now);
  });
  kernel.at(s.scaleEvery, look, 0, 0);
}
