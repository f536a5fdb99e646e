/** Notebooks to report on, sound and unsound, in a folder of their own. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { report } from '../../notebooks/cli.ts';

const story = new URL('../../notebooks/story.ts', import.meta.url).href;
const bars = `{ mark: 'bar', encoding: { x: { field: 'replica' }, y: { field: 'requests', type: 'quantitative' } } }`;
/** A cell that would end a script element and begin another. */
export const dangerous = '</script><script>alert(1)</script><!--';

/** Source of a notebook with the given body. */
function source(body: string, title = 'A notebook'): string {
  return `import { notebook } from '${story}';
export default notebook<{ seed: number }>({ title: '${title}', question: 'Is 1 < 2?' }, async (story, lab) => {
  const rows = [{ replica: 'S1', requests: 3120 }, { replica: ${JSON.stringify(dangerous)}, requests: 1042 }];
  const chart = { id: 'requests', title: 'Counts', caption: 'Two *bars*.', rows, spec: ${bars} } as const;
  ${body}
});
`;
}

const sound = `
  story.words('## Words\\n\\nSeed ' + lab.seed + ' ${dangerous}');
  story.chart(chart);
  story.claim('one is less than two', 1 < 2);
  story.record('shares', { S1: 0.75 });
  await Promise.resolve();`;
const notebooks: Readonly<Record<string, string>> = {
  'a1-sound': source(sound),
  'a2-false': source(
    `story.claim('two is less than *one*', false); story.claim('one is one', true);`,
    'A title < 3',
  ),
  'a3-broken': source(`story.chart(chart); throw new Error('the ring is full.\\nmore');`),
  'a10-nan': source(`story.chart({ ...chart, rows: [{ requests: 0 / 0 }] });`),
  'b1-empty': 'export const nothing = 1;\n',
};

/** A new folder with the notebooks in its `from`; the caller removes it. */
export function notebooksFolder(): string {
  const root = mkdtempSync(join(tmpdir(), 'notebooks-'));
  mkdirSync(join(root, 'from'));
  for (const [id, text] of Object.entries(notebooks)) writeFileSync(join(root, 'from', `${id}.ts`), text);
  return root;
}

/** Reports into a folder of that root with seed 42. */
export function runIn(root: string, ids: readonly string[], out: string): Promise<number> {
  return report(ids, { out: join(root, out), seed: 42, lab: (seed) => ({ seed }), from: join(root, 'from') });
}
