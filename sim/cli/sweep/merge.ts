/** Merging: the runs of several folders of one sweep, brought together in another. */
import { InputError } from '../../../core/input-error.ts';
import { withFiles } from '../flags.ts';
import { pathOf, readText, shardIn, toldIn, writeWhole } from './folder.ts';
import type { Told } from './folder.ts';
import { planOf } from './plan.ts';
import type { Plan } from './plan.ts';

/**
 * The plan that all the folders are of.
 * @throws InputError when one is no sweep's folder, or of another grid than the first
 */
export async function planIn(folders: readonly string[]): Promise<Plan> {
  const found = folders.map((folder): [string, Told] => {
    const told = toldIn(folder);
    if (!told) throw new InputError(`'${folder}' is no sweep's folder: it has no sweep.json.`);
    return [folder, told];
  });
  const [[first, told]] = found;
  const other = found.find(([, { sweep }]) => sweep !== told.sweep);
  if (other) throw new InputError(`'${first}' and '${other[0]}' hold different sweeps, of ${told.runs} and ${other[1].runs} runs (${told.sweep.slice(0, 12)}, ${other[1].sweep.slice(0, 12)}); only parts of one can be merged.`); // prettier-ignore
  const plan = planOf({ grid: told.grid, ...(await withFiles(told.grid)) });
  if (plan.sweep === told.sweep) return plan;
  throw new InputError(`'${first}' was made by another version of the lab, or of a file that it names: here its grid makes other runs (${plan.sweep.slice(0, 12)}, not ${told.sweep.slice(0, 12)}).`); // prettier-ignore
}

/** Copies what is intact and not there yet. */
export function mergeInto(folder: string, plan: Plan, folders: readonly string[], writer: string): void {
  for (const run of plan.runs) {
    if (shardIn(readText(folder, run.hash) ?? '', run)) continue;
    const texts = folders.map((from) => readText(from, run.hash)).filter((text) => text !== undefined);
    const intact = texts.find((text) => shardIn(text, run));
    if (intact !== undefined) writeWhole(folder, pathOf(folder, run.hash), intact, writer);
  }
}
