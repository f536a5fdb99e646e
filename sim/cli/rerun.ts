/** `lab rerun`: repeats what a file records, and says whether it came out the same, byte for byte. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { InputError } from '../../core/input-error.ts';
import { filesNamed, stamped } from '../../core/provenance.ts';
import type { FileHashes, Made } from '../../core/provenance.ts';
import { scenario as complete } from '../../core/scenario.ts';
import type { Scenario } from '../../core/scenario.ts';
import type { Tables } from '../../core/tables.ts';
import { attempt } from '../sweep.ts';
import { firstDifference } from './difference.ts';
import { withFiles } from './flags.ts';
import { made } from './made.ts';
import { progressBar } from './progress.ts';
import { cellsOf, recordsOf, without } from './records.ts';
import type { Recorded } from './records.ts';
import { gridOfOne } from './sweep/plan.ts';
import { MADE_BY, rowOf } from './sweep/row.ts';

const DIFFERENT = 1;
const MORE = `
FILE is what 'lab sim --json' printed, a run of a sweep (runs/…/….json), its results.jsonl or results.csv.
Exit code 0 says that every run came out the same, 1 that one did not.`;

/** A record with all that it takes to repeat it. */
interface Repeatable {
  readonly record: Recorded;
  readonly scenario: Scenario;
  readonly tables: Tables;
  readonly files: FileHashes;
}

/** The command. */
export function rerunCommand(): Command {
  return new Command('rerun')
    .argument('<file>', "what 'lab sim --json' or 'lab sweep' wrote; - is standard input")
    .addHelpText('after', MORE)
    .action(async (path: string) => {
      const records = recordsOf(read(path), path);
      const repeatable: Repeatable[] = [];
      for (const record of records) repeatable.push(await prepare(record));
      tellOthers(records.map((record) => record.made));
      const same = repeatAll(repeatable);
      if (same < records.length) process.exitCode = DIFFERENT;
    });
}

function read(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : code;
    throw new InputError(`'${path}' cannot be read: ${why}.`);
  }
}

/** @throws InputError when the scenario is none, or a file that it names is not what it was */
async function prepare(record: Recorded): Promise<Repeatable> {
  const given = record.scenario;
  const grid = gridOfOne(given);
  const { tables, files } = await withFiles(grid);
  const scenario = complete(given, tables);
  const named = filesNamed(scenario, files);
  const other = Object.keys(record.files).find((path) => named[path] !== record.files[path]);
  if (other !== undefined) throw new InputError(`'${other}' is not the file that the result was made with: its contents differ.`); // prettier-ignore
  return { record, scenario, tables, files: named };
}

/** A sentence on stderr for every other version or commit that the records were made by. */
function tellOthers(makers: readonly Partial<Made>[]): void {
  const here = made();
  const names = ({ versions, commit }: Partial<Made>): string => {
    const differing = Object.entries(versions ?? {}).filter(
      ([name, version]) => here.versions[name] !== version,
    );
    const parts = differing.map(([name, version]) => `${name} ${version}`);
    return [...parts, ...(commit === here.commit ? [] : [`commit ${commit ?? 'unknown'}`])].join(', ');
  };
  for (const other of new Set(makers.map(names))) {
    if (other !== '') process.stderr.write(`Made by ${other}; this is evenly ${here.versions.evenly}, commit ${here.commit}.\n`); // prettier-ignore
  }
  if (here.commit.endsWith('-dirty')) process.stderr.write('The code here differs from its commit.\n');
}

/** Repeats them in order, a line each on stdout; gives the number that came out the same. */
function repeatAll(all: readonly Repeatable[]): number {
  const bar = progressBar(all.reduce((total, { scenario }) => total + scenario.requests, 0));
  let before = 0;
  let same = 0;
  const lines = all.map((one) => {
    const verdict = repeat(one, (sent) => {
      bar.update(before + sent);
    });
    before += one.scenario.requests;
    if (verdict.same) same++;
    return verdict.line;
  });
  bar.stop();
  process.stdout.write(`${lines.join('\n')}\n`);
  return same;
}

function repeat(
  { record, scenario, tables, files }: Repeatable,
  progress: (sent: number) => void,
): { same: boolean; line: string } {
  const fresh = stamped(attempt(scenario, tables, progress), made(), files);
  const { provenance, ...content } = fresh;
  const row = without(rowOf(fresh), MADE_BY);
  const now = { result: content, row, cells: cellsOf(row, record.content) }[record.kind];
  const found = firstDifference(record.content, now);
  const before = record.where === '' ? '' : `${record.where}: `;
  const run = `seed ${scenario.seed}, scenario ${provenance.scenarioHash.slice(0, 12)}`;
  if (!found && !record.altered) return { same: true, line: `${before}identical (${run}, result ${provenance.resultHash.slice(0, 12)})` }; // prettier-ignore
  const altered = record.altered ? '; the record is not what its own hash says: it was changed after it was written' : ''; // prettier-ignore
  const where = found ? `${found.path || 'it'} was ${text(found.before)} and is ${text(found.after)}` : 'its contents are the same'; // prettier-ignore
  return { same: false, line: `${before}different (${run}): ${where}${altered}` };
}

function text(value: unknown): string {
  const json = value === undefined ? 'not there' : JSON.stringify(value);
  return json.length > 80 ? `${json.slice(0, 79)}…` : json;
}
