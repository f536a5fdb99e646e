/** What a sweep's processes tell each other. */
import type { Made } from '../../../core/provenance.ts';
import type { Run } from './plan.ts';

/** To a child: runs to make, one after the other. */
export interface Task {
  readonly runs: readonly Run[];
  /** Where to claim and store them; where there is none, the results are given back. */
  readonly folder?: string;
  readonly made: Made;
}

/** How a run of a task ended. */
export interface Ended {
  readonly hash: string;
  /** `stored` was there before, `claimed` is another process's, `failed` is a fault of the lab. */
  readonly how: 'ran' | 'stored' | 'claimed' | 'failed';
  /** What is to be stored, where the child does not; or what failed. */
  readonly text?: string;
}

/** From a child: the requests sent since the last time, or the end of a task. */
export type Answer = { readonly sent: number } | { readonly ended: readonly Ended[] };
