/** What a sweep keeps on Redis, under which names, and what a job says. */
import type { Made } from '../../../../core/provenance.ts';
import type { Run } from '../plan.ts';

/** BullMQ's queue and the beginning of all keys. */
export const QUEUE = 'runs';
export const PREFIX = 'evenly';

/** The name of BullMQ's hash of a job; where there is none, Redis has forgotten the job. */
export const jobKey = (hash: string): string => `${PREFIX}:${QUEUE}:${hash}`;
/** Who makes a run now; it expires unless it is renewed. BullMQ's own lock does not come back after a loss of data. */
export const makerKey = (hash: string): string => `${PREFIX}:maker:${hash}`;
/** The results that were delivered and not yet collected: a hash of texts by run. */
export const resultsKey = (sweep: string): string => `${PREFIX}:results:${sweep}`;

/** A job: its id is the run's hash, so that the same run is never queued twice. */
export interface JobData {
  readonly run: Run;
  readonly sweep: string;
  readonly made: Made;
}

/** Silence after which a worker counts as dead, unless told otherwise. */
export const LEASE = '10s';
