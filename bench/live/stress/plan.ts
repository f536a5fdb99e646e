/** What a round of the stress asks for: the gateway's knobs, every request, and how each replica treats it; all of it from a seed. */
import { stream } from '../../../core/random/stream.ts';
import { scenario } from '../../../core/scenario.ts';
import type { Random } from '../../../core/types.ts';
import type { GatewayOptions } from '../../../live/gateway/config.ts';

/** How a replica treats a request that it answers well: at once, in chunks, after an interim answer, or late. */
export const SOUND = ['ok', 'ok', 'ok', 'chunked', 'slow', 'late'] as const;
/** How it fails one; `deaf` reads no body and answers nothing. */
export const BAD = [
  ...['500', '503', 'late500', 'never', 'deaf'],
  ...['reset', 'lateReset', 'half', 'lateHalf', 'garbage'],
] as const;
export type Manner = (typeof SOUND)[number] | (typeof BAD)[number];

/** What goes on beside the requests: nothing, replicas that come and go, that break down, or that are ejected. */
export const WEATHERS = ['calm', 'churn', 'breakdowns', 'ejections'] as const;
export type Weather = (typeof WEATHERS)[number];

/** One request. */
export interface Plan {
  readonly id: string;
  readonly method: string;
  /** By replica. */
  readonly manners: readonly Manner[];
  /** How late those are that are late, and the size of the answer's body. */
  readonly lateMs: number;
  readonly answerBytes: number;
  readonly body: Buffer;
  readonly chunked: boolean;
  /** Whether the body comes with pauses. */
  readonly inPieces: boolean;
  readonly expects: boolean;
  /** When the client goes away, 0 for never. */
  readonly leavesMs: number;
}

export const REPLICAS = 4;

/** The knobs of a round; the tries of a request may reach every replica. */
export function knobsOf(seed: number, weather: Weather): Partial<GatewayOptions> {
  const random = stream(seed, 'policy');
  const any = anyOf(random);
  return {
    scenario: scenario({ policy: any(['least-request', 'round-robin', 'by-key']), seed }),
    tryTimeout: any(['30ms', '50ms', '50ms', 'auto']),
    hedge: any(['off', 'off', '20ms', '40ms', 'p90']),
    holdBytes: any([65_536, 65_536, 0]),
    connections: any([256, 256, 8]),
    waitMs: any([1000, 1000, 0]),
    headMs: any([1500, 2500]),
    retries: REPLICAS - 1,
    shedMs: 0,
    outlierFailures: weather === 'ejections' ? 3 : 1000,
    outlierStatuses: weather === 'ejections' ? 5 : 1000,
    outlierDeviation: 0,
    ejectMs: 50,
  };
}

/** The request of a number, from 0. Half of them meet no replica that fails. */
export function planOf(seed: number, number: number): Plan {
  const random = stream(seed, 'arrivals', number + 1);
  const any = anyOf(random);
  const method = any(['GET', 'GET', 'GET', 'HEAD', 'PUT', 'PUT', 'DELETE', 'POST', 'POST']);
  const withBody = method === 'PUT' || method === 'POST';
  const failing = random() < 0.5 ? 0.55 : 0;
  const id = `${seed}.${number}`;
  return {
    id,
    method,
    manners: Array.from({ length: REPLICAS }, () => any<Manner>(random() < failing ? BAD : SOUND)),
    lateMs: 70 + Math.floor(random() * 200),
    answerBytes: any([0, 10, 1000, 30_000, 100_000]),
    body: filled(id, withBody ? any([1, 10, 5000, 60_000, 60_000, 200_000]) : 0),
    chunked: random() < 0.5,
    inPieces: random() < 0.3,
    expects: withBody && random() < 0.2,
    leavesMs: random() < 0.12 ? 1 + random() * 200 : 0,
  };
}

/** A body that no other request or answer has. */
export function filled(id: string, bytes: number): Buffer {
  return Buffer.alloc(bytes, `${id} `);
}

/** One of these, each as often as it stands there. */
export function anyOf(random: Random): <T>(list: readonly T[]) => T {
  return (list) => list[Math.floor(random() * list.length)];
}
