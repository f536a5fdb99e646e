/** The page of one notebook: a single file with its pictures, data, fonts and programs in it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Drawing } from './chart.ts';
import { htmlDocument, source } from './document.ts';
import { escapeHtml, markdownBlocks, markdownLine, scriptJson } from './html.ts';
import type { Run } from './run.ts';
import { prefixIds } from './svg.ts';
import { type Block, type Claim } from './telling.ts';

const require = createRequire(import.meta.url);

/** Vega, Vega-Lite and vega-embed as one script each, and what starts them. */
const programs = [
  bundle('vega', 'vega.min.js'),
  bundle('vega-lite', 'vega-lite.min.js'),
  bundle('vega-embed', 'vega-embed.min.js'),
  source('./hydrate.js'),
];

/** The HTML of a notebook's page. */
export async function notebookPage(
  run: Run,
  blocks: readonly Block[],
  drawings: readonly Drawing[],
): Promise<string> {
  const specs = Object.fromEntries(drawings.map(({ chart, spec }) => [chart.id, spec]));
  const body = [
    '<header>',
    '<a class="home" href="../index.html">All notebooks</a>',
    `<h1>${escapeHtml(run.title)}</h1>`,
    `<p class="question">${escapeHtml(run.question)}</p>`,
    verdict(run.claims),
    '</header>',
    '<main>',
    ...blocks.map((block, i) => section(block, blocks[i - 1], blocks[i + 1], drawings)),
    '</main>',
    footer(run),
    `<script type="application/json" id="specs">${scriptJson(specs)}</script>`,
  ];
  const scripts = drawings.length > 0 ? programs : [];
  return htmlDocument({
    title: run.title,
    description: run.question,
    body: body.join('\n'),
    scripts,
    images: '',
  });
}

/** How many claims hold, in words and not by colour alone. */
export function verdict(claims: readonly Claim[]): string {
  if (claims.length === 0) return '';
  const held = claims.filter((claim) => claim.holds).length;
  const all = held === claims.length;
  const words = `${all ? '✓' : '✗'} ${held} of ${claims.length} claims hold`;
  return `<p class="verdict ${all ? 'holds' : 'fails'}">${words}</p>`;
}

function section(
  block: Block,
  before: Block | undefined,
  after: Block | undefined,
  drawings: readonly Drawing[],
): string {
  if (block.kind === 'words') return markdownBlocks(block.markdown);
  if (block.kind === 'claim')
    return claimItem(block.claim, before?.kind !== 'claim', after?.kind !== 'claim');
  const index = drawings.findIndex(({ chart }) => chart === block.chart);
  return figure(drawings[index], index + 1);
}

/** Claims that follow one another stand in one list. */
function claimItem({ sentence, holds }: Claim, first: boolean, last: boolean): string {
  const state = holds
    ? '<span class="state holds">✓ holds</span>'
    : '<span class="state fails">✗ fails</span>';
  const item = `<li>${state}<span>${markdownLine(sentence)}</span></li>`;
  return `${first ? '<ul class="claims">\n' : ''}${item}${last ? '\n</ul>' : ''}`;
}

function figure({ chart, svg, files }: Drawing, number: number): string {
  const links = [...files.keys()].map((file) => `<a href="${file}">${file.slice(chart.id.length + 1)}</a>`);
  return `<figure id="${chart.id}">
<div class="plot" data-chart="${chart.id}">${prefixIds(svg, chart.id)}</div>
<figcaption><b>Figure ${number}.</b> ${markdownLine(chart.caption)} <span class="files">${links.join(' ')}</span></figcaption>
</figure>`;
}

function footer({ seed, versions, commit }: Run): string {
  const made = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const words = [
    `Seed ${seed}`,
    ...made,
    `commit <code>${escapeHtml(commit.replace(/^(.{12})[^-]*/, '$1'))}</code>`,
  ];
  return `<footer>${words.join(' · ')} · <a href="run.json">run.json</a></footer>`;
}

function bundle(name: string, file: string): string {
  const script = readFileSync(join(dirname(require.resolve(name)), file), 'utf8');
  if (/<\/script|<!--/i.test(script))
    throw new Error(`${file} of ${name} cannot stand inside a script element.`);
  return script.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
}
