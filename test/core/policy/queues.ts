/** Replicas that serve in order, each at its speed, behind one balancer or several: enough to see what a policy does. */
import { probings } from '../../../core/placement/probing.ts';
import { ring } from '../../../core/placement/ring.ts';
import { hashOf } from '../../../core/resolve.ts';
import { stream } from '../../../core/random/stream.ts';
import { tables } from '../../../core/tables.ts';
import { NONE } from '../../../core/types.ts';
import type { Balancer } from '../../../core/types.ts';

/** What to run; the mean service time at speed 1 is 1 ms, exponential, and arrivals are Poisson. */
export interface Setting {
  readonly policy: string;
  /** One number a replica. */
  readonly speeds: readonly number[];
  readonly weights?: readonly number[];
  /** Of what all replicas can serve. */
  readonly load: number;
  readonly requests: number;
  readonly balancers?: number;
}

/** What came of each request, in order of arrival. */
export interface Served {
  readonly arrivedMs: number[];
  readonly workMs: number[];
  readonly waitedMs: number[];
  readonly tookMs: number[];
  readonly picks: number[];
}

interface Job {
  readonly balancer: Balancer;
  readonly arrivedMs: number;
  readonly doneMs: number;
  /** Requests that were there when it came. */
  readonly ahead: number;
}

function balancersOf({ policy, balancers = 1 }: Setting): Balancer[] {
  const { entry, args } = tables.policies.choose(policy);
  const hash = hashOf('murmur3');
  return Array.from({ length: balancers }, (_, index) =>
    entry.make(args)({
      placement: () => ring({ slots: 1, vnodes: 100, vnodeFrom: 0, probing: probings.linear, requestHash: hash, serverHash: hash }), // prettier-ignore
      random: stream(100 + index, 'policy'),
      balancer: { index, of: balancers },
    }),
  );
}

/** Runs a setting: every policy meets the same arrivals, keys and work. Probes are answered at once. */
export function serve(setting: Setting): Served {
  const { speeds, weights = [1], load, requests } = setting;
  const balancers = balancersOf(setting);
  speeds.forEach((_, handle) => {
    for (const balancer of balancers)
      balancer.joined({ handle, id: handle + 1, name: `S${handle + 1}`, weight: weights[handle % weights.length] }, 0); // prettier-ignore
  });
  const gap = 1 / (load * speeds.reduce((sum, speed) => sum + speed, 0));
  const [arrivals, service, keys, dealt] = [stream(1, 'arrivals'), stream(1, 'service'), stream(1, 'keys'), stream(2, 'keys')]; // prettier-ignore
  const queues: Job[][] = speeds.map(() => []);
  const heads = new Float64Array(speeds.length).fill(Infinity);
  const latencies = speeds.map(() => latencyByQueue());
  const served: Served = { arrivedMs: [], workMs: [], waitedMs: [], tookMs: [], picks: [] };

  function finishUntil(now: number): void {
    for (;;) {
      let handle = 0;
      for (let i = 1; i < heads.length; i++) if (heads[i] < heads[handle]) handle = i;
      const doneMs = heads[handle];
      const job = doneMs > now ? undefined : queues[handle].shift();
      if (!job) return;
      heads[handle] = queues[handle].at(0)?.doneMs ?? Infinity;
      latencies[handle].observe(job.ahead, doneMs - job.arrivedMs);
      job.balancer.finished(handle, doneMs, 'ok', doneMs - job.arrivedMs);
      if (queues[handle].length === 0)
        balancers[Math.floor(dealt() * balancers.length)].idle?.(handle, doneMs);
    }
  }

  let now = 0;
  for (let i = 0; i < requests; i++) {
    now -= gap * Math.log(1 - arrivals());
    const workMs = -Math.log(1 - service());
    const key = Math.floor(keys() * 1e6);
    finishUntil(now);
    const balancer = balancers[Math.floor(dealt() * balancers.length)];
    const handle = balancer.pick({ key, workMs }, now);
    balancer.started(handle, now);
    const beginsMs = Math.max(now, queues[handle].at(-1)?.doneMs ?? 0);
    const doneMs = beginsMs + workMs / speeds[handle];
    queues[handle].push({ balancer, arrivedMs: now, doneMs, ahead: queues[handle].length });
    heads[handle] = queues[handle][0].doneMs;
    for (let target = balancer.probe?.(now) ?? NONE; target !== NONE; target = balancer.probe?.(now) ?? NONE)
      balancer.probed?.(target, now, queues[target].length, latencies[target].ms(queues[target].length));
    served.arrivedMs.push(now);
    served.workMs.push(workMs);
    served.waitedMs.push(beginsMs - now);
    served.tookMs.push(doneMs - now);
    served.picks.push(handle);
  }
  return served;
}

/** A replica's answer to probes, as Prequal's servers give it: the median of late at about as many in flight as now. */
function latencyByQueue() {
  const late: number[][] = [];
  return {
    observe(ahead: number, tookMs: number): void {
      const list = (late[ahead] ??= []);
      list.push(tookMs);
      if (list.length > 9) list.shift();
    },
    ms(inFlight: number): number {
      let near: number[] | undefined;
      for (let off = 0; off <= late.length && near === undefined; off++)
        near = late[inFlight - off] ?? late[inFlight + off];
      return near === undefined ? 0 : quantileOf(near, 0.5);
    },
  };
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The value that the share q does not exceed. */
export function quantileOf(values: readonly number[], q: number): number {
  return [...values].sort((a, b) => a - b)[Math.ceil(q * values.length) - 1];
}
