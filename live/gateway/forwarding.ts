/** What a forwarded request needs of its gateway, and who hears what becomes of it. */
import type { Key } from '../../core/types.ts';
import { failure } from '../answer.ts';
import type { Answer } from '../types.ts';
import type { Failure } from './attempt.ts';
import type { ClientRequest } from './client-request.ts';
import type { Director } from './director.ts';
import type { Failover } from './failover.ts';
import type { KeyOf } from './key.ts';
import type { Membership } from './membership.ts';
import type { Parking } from './parking.ts';
import { GONE } from './upstreams.ts';
import type { Upstreams } from './upstreams.ts';

/** What every request needs. */
export interface Forwarding {
  readonly director: Director;
  readonly membership: Membership;
  readonly upstreams: Upstreams;
  readonly keyOf: KeyOf;
  readonly failover: Failover;
  readonly parking: Parking;
  /** The protocols, in lower case, that a connection may switch to. */
  readonly upgrades: readonly string[];
  /** The field that tells the client which replica answered; empty for none. */
  readonly replicaHeader: string;
  readonly observer: Observer;
}

/** Who hears what becomes of requests: metrics, the access log, the supervisor. */
export interface Observer {
  failed(handle: number, failure: Failure): void;
  /** A replica is late with what cannot be sent elsewhere, and answers nobody. */
  suspected(handle: number, failure: Failure): void;
  retried(reason: string): void;
  /** Another replica was asked as well. */
  hedged(): void;
  /** A request was refused rather than queued. */
  shed(reason: string): void;
  ended(exchange: Ended): void;
}

/** A request that is over. */
export interface Ended {
  readonly request: ClientRequest;
  readonly startedMs: number;
  readonly key: Key;
  readonly status: number;
  /** The replica that answered, or else the one that was tried last; NONE where none was. */
  readonly handle: number;
  readonly tried: readonly number[];
}

/** What the client gets when no replica answered. */
export function answerTo({ kind, reason }: Failure): Answer {
  if (kind === 'invalid') return failure(`The server replica's answer is not valid: ${reason}`, 502);
  if (kind === 'timeout') return failure('The server replica did not answer in time', 504);
  if (reason === GONE) return failure('The server replica was given up before it answered', 504);
  return failure(`The server replica could not be reached (${reason})`, 502);
}
