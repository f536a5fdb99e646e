/** The cheaper of two by recent response time and requests in flight: Finagle's Peak EWMA, and the same without peaks. */
import type { Parameter, PolicyEntry } from '../types.ts';
import { average, peak, smooth } from './ewma.ts';
import type { Average, Take } from './ewma.ts';
import { fleet } from './fleet.ts';
import { cheaperOfTwo } from './two-choices.ts';

/** A replica that has requests in flight but no history yet costs this, so that it is tried once and then waited for. */
const PENALTY_MS = 1e12;

const decay: Parameter = { name: 'decay', default: 10_000, min: 1, max: 1e9 };

function latencyEntry(about: Pick<PolicyEntry, 'name' | 'summary' | 'source'>, take: Take): PolicyEntry {
  return {
    ...about,
    parameters: [decay],
    weights: false,
    make:
      ([decayMs]) =>
      ({ random }) => {
        const { members, ...counts } = fleet();
        const averages: Average[] = [];

        function costOf(handle: number, now: number): number {
          const cost = averages[handle].costMs(now);
          const inFlight = counts.inFlight(handle);
          return cost === 0 && inFlight > 0 ? PENALTY_MS + inFlight : cost * (inFlight + 1);
        }

        return {
          pick: (_request, now) => cheaperOfTwo(members, random, (handle) => costOf(handle, now)),
          started: (handle) => {
            counts.started(handle);
          },
          /** Finagle observes failures too and leaves it to others to eject; here a quick failure is no quick answer. */
          finished(handle, now, outcome, tookMs) {
            counts.finished(handle);
            const seen = averages[handle];
            if (outcome === 'ok' || tookMs > seen.costMs(now)) seen.observe(tookMs, now);
          },
          joined(replica) {
            averages[replica.handle] = average(take, decayMs);
            counts.joined(replica);
          },
          left: (handle) => {
            counts.left(handle);
          },
        };
      },
  };
}

export const peakEwmaEntry = latencyEntry(
  {
    name: 'peak-ewma',
    summary: 'takes the cheaper of two: recent response time, up at once and down slowly, x (in flight + 1)',
    source: 'Finagle, PeakEwma.scala and P2CPick.scala',
  },
  peak,
);

export const ewmaEntry = latencyEntry(
  {
    name: 'ewma',
    summary: 'takes the cheaper of two: mean of the recent response times x (in flight + 1)',
    source: 'ingress-nginx, balancer/ewma.lua; requests in flight as in Finagle, PeakEwma.scala',
  },
  smooth,
);
