/** A balancer driven through random joins, leaves, picks and answers, beside a plain record of what it was told. */
import fc from 'fast-check';
import { probings } from '../../core/placement/probing.ts';
import { stream } from '../../core/random/stream.ts';
import { hashOf } from '../../core/resolve.ts';
import { moduloEntry } from '../../core/placement/modulo.ts';
import { tables } from '../../core/tables.ts';
import { NONE } from '../../core/types.ts';
import type { Balancer, Replica } from '../../core/types.ts';

/** What one pick saw and chose. */
export interface Pick {
  readonly chosen: number;
  readonly members: readonly Replica[];
  readonly inFlight: ReadonlyMap<number, number>;
}

/** A fresh balancer of a policy's spec, over a placement that takes any number of replicas. */
export function balancerOf(spec: string, seed = 42): Balancer {
  const { entry, args } = tables.policies.choose(spec);
  const [requestHash, serverHash] = [hashOf('murmur3'), hashOf('md5')];
  const options = {
    slots: 64,
    vnodes: 1,
    vnodeFrom: 0,
    probing: probings['linear'],
    requestHash,
    serverHash,
  };
  const placement = moduloEntry.make([])(options);
  return entry.make(args)({ placement: () => placement, random: stream(seed, 'policy') });
}

/** One number a step: what happens, and to whom. */
export const anySteps = fc.array(fc.nat(9999), { minLength: 5, maxLength: 80 });

/** Drives a balancer by the numbers; returns every pick with the state that it had to go by. */
export function drive(
  balancer: Balancer,
  steps: readonly number[],
  weights: readonly number[] = [1],
): Pick[] {
  let members: Replica[] = [];
  const inFlight = new Map<number, number>();
  const open: number[] = [];
  const picks: Pick[] = [];
  let joined = 0;

  const count = (handle: number, by: number): void => {
    inFlight.set(handle, (inFlight.get(handle) ?? 0) + by);
  };
  const join = (now: number): void => {
    const handle = joined++;
    const replica = { handle, id: handle, name: `S${handle + 1}`, weight: weights[handle % weights.length] };
    members = [...members, replica];
    balancer.joined(replica, now);
  };
  const leave = (which: number, now: number): void => {
    const left = members.at(which % (members.length || 1));
    if (!left) return;
    members = members.filter((member) => member !== left);
    balancer.left(left.handle, now);
  };
  const pick = (key: number, now: number): void => {
    const chosen = balancer.pick({ key }, now);
    picks.push({ chosen, members, inFlight: new Map(inFlight) });
    if (chosen === NONE) return;
    balancer.started(chosen, now);
    count(chosen, 1);
    open.push(chosen);
  };
  const finish = (which: number, now: number): void => {
    const handle = open.splice(which % (open.length || 1), 1).at(0);
    if (handle === undefined) return;
    count(handle, -1);
    balancer.finished(handle, now, which % 7 === 0 ? 'lost' : 'ok', 1);
  };
  steps.forEach((step, now) => {
    const [kind, which] = [step % 10, Math.floor(step / 10)];
    if (kind === 0) join(now);
    else if (kind === 1) leave(which, now);
    else if (kind < 7) pick(which, now);
    else finish(which, now);
  });
  return picks;
}
