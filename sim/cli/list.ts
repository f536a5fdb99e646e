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
    .argument('[kind]', Object.keys(kinds).join(', '))
    .option('--json', 'print JSON')
    .option('--markdown', "print the README's tables")
    .action((kind: string | undefined, { json, markdown }: { json?: true; markdown?: true }) => {
      if (kind !== undefined && !Object.hasOwn(kinds, kind))
        throw unknownName('kind', kind, Object.keys(kinds));
      const shown = kind === undefined ? kinds : { [kind]: kinds[kind] };
      const out = json ? JSON.stringify(shown, null, 2) : markdown ? inMarkdown(shown) : inWords(shown);
      process.stdout.write(`${out}\n`);
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

/** The tables of the README: a heading a kind, a line an entry. */
export function inMarkdown(shown: Readonly<Record<string, readonly Entry<unknown>[]>>): string {
  const tables = Object.entries(shown).map(([kind, entries]) => {
    const rows = entries.map((entry) => `| \`${example(entry)}\` | ${entry.summary} | ${entry.source} |`);
    return [`### ${kind}`, '', '| name | it … | source |', '| --- | --- | --- |', ...rows].join('\n');
  });
  return tables.join('\n\n');
}

/** The signature, with the defaults where it has parameters: `poly(a=1,b=2,c=17)`. */
function example(entry: Entry<unknown>): string {
  const { name, parameters = [] } = entry;
  return parameters.length === 0
    ? signature(entry)
    : `${name}(${parameters.map((p) => `${p.name}=${p.default}`).join(',')})`;
}
