/** The scenario's knobs as flags of a command, and the flags given as a grid of scenarios. */
import { Option } from 'commander';
import type { Command } from 'commander';
import type { FileHashes } from '../../core/provenance.ts';
import { groups as titles } from '../../core/knobs/knob.ts';
import { knobList, knobs } from '../../core/scenario.ts';
import type { Scenario } from '../../core/scenario.ts';
import { tables as labTables } from '../../core/tables.ts';
import type { Tables } from '../../core/tables.ts';
import type { Grid } from '../sweep.ts';
import { dataPaths, withData } from './data-files.ts';
import { listOf } from './lists.ts';
import { fileHashes } from './files.ts';
import { isPath, withOwnHashes } from './own-hash.ts';
import { checkPartners } from './partners.ts';

/** What commander hands over: texts by knob, and `hash`, which stands for both hashes of the ring. */
export type Given = Partial<Record<keyof Scenario | 'hash', string>>;

/** What the flags ask for: the grid, and the tables and files that it needs. */
export interface Asked {
  readonly grid: Grid;
  readonly tables: Tables;
  readonly files: FileHashes;
}

/** Adds a flag for each knob, or for the groups named. */
export function addKnobs(command: Command, groups?: readonly string[]): Command {
  for (const [, knob] of knobList) {
    if (groups && !groups.includes(knob.group)) continue;
    const initial = knob.default === '' ? '' : ` (default: ${knob.default})`;
    const option = new Option(`--${knob.flag} <value>`, `${knob.help}${initial}`);
    command.addOption(groups ? option : option.helpGroup(`${titles[knob.group]}:`));
  }
  return command.option(
    '--hash <name|file>',
    'a hash function for requests and virtual servers alike, by name or from a file',
  );
}

/** The flags given, read as lists; and the tables, with the user's own hash functions in them. */
export async function gridOf(given: Given): Promise<Asked> {
  const { hash, ...rest } = given;
  const both = hash === undefined ? {} : { requestHash: hash, serverHash: hash };
  const texts: Given = { ...both, ...rest };
  checkPartners(texts);
  const lists = knobList.flatMap(([field, knob]) => {
    const text = texts[field];
    return text === undefined ? [] : [[field, listOf(knob.flag, text)] as const];
  });
  const grid: Grid = Object.fromEntries(lists);
  return { grid, ...(await withFiles(grid)) };
}

/** The lab's tables with what the files add that a grid names, and the hashes of their contents. */
export async function withFiles(grid: Grid): Promise<Omit<Asked, 'grid'>> {
  const tables = await withOwnHashes(withData(labTables, grid), hashesIn(grid));
  return { tables, files: fileHashes(pathsIn(grid)) };
}

/** Every path that a grid names, whatever it is to hold. */
export function pathsIn(grid: Grid): string[] {
  return [...hashesIn(grid).filter(isPath), ...dataPaths(grid)];
}

function hashesIn(grid: Grid): string[] {
  return [...(grid.requestHash ?? []), ...(grid.serverHash ?? [])].map(String);
}

/** The knobs that have more than one value in a grid. */
export function sweptKnobs(grid: Grid): (keyof typeof knobs)[] {
  return knobList.map(([field]) => field).filter((field) => (grid[field]?.length ?? 0) > 1);
}
