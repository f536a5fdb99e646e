/** What the README says of the tables is what the code says; entries that it does not name yet are no fault. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inMarkdown, kinds } from '../sim/cli/list.ts';
import { root } from './lab.ts';

/** A table's rows with the padding taken out. */
function rowsOf(markdown: string): string[] {
  const rows = markdown.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) => row.replace(/ +\|/g, ' |'));
}

describe('the README', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');

  it('has no row in its tables that the code would not print (make readme rewrites them)', () => {
    const current = new Set(rowsOf(inMarkdown(kinds)));
    const shown = rowsOf(readme);
    expect(shown.length).toBeGreaterThan(20);
    expect(shown.filter((row) => !current.has(row))).toEqual([]);
  });

  it('shows a hash function that would work as it stands', () => {
    const example = /`core\/hash\/larson\.ts`:\n\n```ts\n([^`]*)```/.exec(readme)?.[1] ?? '';
    expect(example).toContain("import type { HashEntry } from '../types.ts';");
    expect(example).toContain("import { unseeded } from './bytes.ts';");
  });
});
