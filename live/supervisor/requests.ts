/** /add and /rm as the lab asks for them (LAB 3.4 to 3.7, 3.10): check everything, then change everything, then wait. */
import { setTimeout as sleep } from 'node:timers/promises';
import { failure, fleetAnswer } from '../answer.ts';
import type { Answer, Driver } from '../types.ts';
import type { Fleet } from './fleet.ts';
import { readRequest, Refusal } from './payload.ts';

export interface RequestOptions {
  readonly maxReplicas: number;
  /** How long /add waits for the new replicas to serve, and for each of them. */
  readonly addMs: { readonly base: number; readonly each: number };
  /** How long /rm waits for the old ones to be gone. */
  readonly removeMs: number;
}

export const defaultRequests: RequestOptions = {
  maxReplicas: 50,
  addMs: { base: 15_000, each: 1000 },
  removeMs: 15_000,
};

/** Serves one payload. Checks and change happen in one turn, so that concurrent requests cannot come between. */
export type Serve = (raw: Buffer, contentType?: string) => Promise<Answer>;

/** LAB 3.4: answers when the new replicas serve. */
export function adding(fleet: Fleet, driver: Driver, options: RequestOptions): Serve {
  return refusing(async (raw, contentType) => {
    const { n, hostnames } = readRequest(raw, contentType, 'newly added');
    const foreign = await driver.taken(hostnames);
    const used = hostnames.find((name) => fleet.uses(name));
    if (used !== undefined) throw new Refusal(`hostname '${used}' is already taken`);
    if (foreign.length > 0) {
      throw new Refusal(`hostname '${foreign[0]}' is taken by a container outside the stack`);
    }
    if (fleet.wanted + n > options.maxReplicas) {
      throw new Refusal(
        `n is ${n}, but with ${fleet.wanted} replicas there may be ${options.maxReplicas - fleet.wanted} more`,
      );
    }
    const seats = fleet.grow(n, hostnames);
    const { base, each } = options.addMs;
    if (await fleet.complete(base + n * each, seats)) return fleetAnswer(fleet.snapshot);
    return failure('not every new replica serves yet; they are still being started', 503);
  });
}

/** LAB 3.6: answers when the replicas are gone. All of them may be removed; then there is nobody to forward to. */
export function removing(fleet: Fleet, options: RequestOptions): Serve {
  return refusing(async (raw, contentType) => {
    const { n, hostnames } = readRequest(raw, contentType, 'removable');
    const unknown = hostnames.find((name) => !fleet.holds(name));
    if (unknown !== undefined) throw new Refusal(`there is no replica '${unknown}'`);
    if (n > fleet.wanted) throw new Refusal(`n is ${n}, but there are ${fleet.wanted} replicas`);
    const gone = fleet.shrink(n, hostnames);
    const giveUp = new AbortController();
    await Promise.race([
      gone,
      sleep(options.removeMs, undefined, { signal: giveUp.signal }).catch(() => null),
    ]);
    giveUp.abort();
    return fleetAnswer(fleet.snapshot);
  });
}

function refusing(serve: Serve): Serve {
  return async (raw, contentType) => {
    try {
      return await serve(raw, contentType);
    } catch (error) {
      if (error instanceof Refusal) return failure(error.message);
      return failure(error instanceof Error ? error.message : String(error), 503);
    }
  };
}
