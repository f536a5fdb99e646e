/** The front page of the reports: a card for every notebook that is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { htmlDocument } from './document.ts';
import { escapeHtml } from './html.ts';
import { verdict } from './page.ts';
import type { Run } from './run.ts';

const description =
  'Experiments in load balancing: each notebook asks one question and answers it with charts.';

/** The HTML of `index.html` for the notebooks found in a folder. */
export async function frontPage(out: string): Promise<string> {
  const runs = readRuns(out);
  const body = [
    '<header>',
    '<h1>evenly: the reports</h1>',
    `<p class="question">${escapeHtml(description)}</p>`,
    '</header>',
    '<main>',
    '<ul class="cards">',
    ...runs.map(card),
    '</ul>',
    '</main>',
  ];
  // Pictures lie beside the page, and files of one folder are no origin of each other: hence the scheme.
  return htmlDocument({
    title: 'evenly: the reports',
    description,
    body: body.join('\n'),
    scripts: [],
    images: "'self' file:",
  });
}

function readRuns(out: string): Run[] {
  const order = new Intl.Collator('en', { numeric: true });
  return readdirSync(out)
    .filter((name) => !name.startsWith('.') && existsSync(join(out, name, 'run.json')))
    .sort(order.compare)
    .map((name) => JSON.parse(readFileSync(join(out, name, 'run.json'), 'utf8')) as Run);
}

function card({ notebook, title, question, charts, claims }: Run): string {
  const first = charts.at(0);
  const picture = first
    ? `<img src="${notebook}/${first.id}.png" alt="${escapeHtml(first.title)}" loading="lazy">`
    : '';
  return `<li class="card">
<h2><a href="${notebook}/index.html">${escapeHtml(title)}</a></h2>
${picture}
<p>${escapeHtml(question)}</p>
${verdict(claims)}
</li>`;
}
