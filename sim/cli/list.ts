/** `lab list`: every table of the lab, from the tables themselves. */
import { Command } from 'commander';
import { unknownName } from '../../core/input-error.ts';
import { probings } from '../../core/placement/probing.ts';
import { signature } from '../../core/table.ts';
import { tables } from '../../core/tables.ts';
import type { Entry } from '../../core/types.ts';
import { colours } from './terminal.ts';

/** The entries of each kind, under the name that `lab list` takes. */
export const kinds: Readonly<Record<string, readonly Entry<unknown>[]>> = Object.fromEntries(
  Object.entries(tables).map(([name, { entries }]: [string, { entries: readonly Entry<unknown>[] }]) => [
    name,
    entries,
  ]),
);

/** The command. */
export function listCommand(): Command {
  return new Command('list')
    .description('list the hash functions, placements, policies and distributions')
    .argument('[kind]', Object.keys(kinds).join(', '))
    .option('--json', 'print JSON')
    .action((kind: string | undefined, { json }: { json?: true }) => {
      if (kind !== undefined && !Object.hasOwn(kinds, kind))
        throw unknownName('kind', kind, Object.keys(kinds));
      const shown = kind === undefined ? kinds : { [kind]: kinds[kind] };
      process.stdout.write(`${json ? JSON.stringify(shown, null, 2) : inWords(shown)}\n`);
    });
}

function inWords(shown: Readonly<Record<string, readonly Entry<unknown>[]>>): string {
  const sections = Object.entries(shown).map(([kind, entries]) => {
    const lines = entries.map(
      (entry) => `  ${colours.cyan(example(entry))} ${entry.summary}\n      ${colours.dim(entry.source)}`,
    );
    return `${colours.bold(kind)}\n${lines.join('\n')}`;
  });
  const all =
    Object.keys(shown).length > 1
      ? [`${colours.bold('probing')}\n  ${Object.keys(probings).join(', ')}`]
      : [];
  return [...sections, ...all].join('\n\n');
}

/** The signature, with the defaults where it has parameters: `poly(a=1,b=2,c=17)`. */
function example(entry: Entry<unknown>): string {
  const { name, parameters = [] } = entry;
  return parameters.length === 0
    ? signature(entry)
    : `${name}(${parameters.map((p) => `${p.name}=${p.default}`).join(',')})`;
}
