/** What a run was made by: versions and commit. Neither time nor place, so that a repeated run gives the same bytes. */
import { version as vega } from 'vega';
import { version as vegaLite } from 'vega-lite';
import { made } from '../../sim/cli/made.ts';

/** Stands in every `run.json`. */
export interface Stamp {
  readonly versions: Readonly<Record<string, string>>;
  /** The hash, with `-dirty` behind it where tracked files differ, or `unknown` without git. */
  readonly commit: string;
}

/** Reads versions and commit. */
export function stamp(): Stamp {
  const { versions, commit } = made();
  return { versions: { ...versions, vega, 'vega-lite': vegaLite }, commit };
}
