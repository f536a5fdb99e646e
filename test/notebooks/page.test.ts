/** The page makes no request, runs nothing but its own programs, and shows its charts without them. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dangerous, notebooksFolder, runIn } from './fixture.ts';

let root = '';
const read = (...path: readonly string[]): string => readFileSync(join(root, ...path), 'utf8');

/** What a browser would fetch: sources, style sheets, pictures in styles; links are followed by people. */
function loads(html: string): string[] {
  const markup = html.replace(/<script[\s>][\s\S]*?<\/script>/g, '');
  const found = [
    ...markup.matchAll(/\s(?:src|srcset|poster|data|action|xlink:href)="([^"]*)"/g),
    ...markup.matchAll(/<(?:link|image|use)\b[^>]*\shref="([^"]*)"/g),
    ...markup.matchAll(/url\(['"]?([^'")]*)/g),
    ...markup.matchAll(/@import\s+['"]([^'"]*)/g),
  ];
  return found.map(([, address]) => address);
}

describe('the page', () => {
  beforeAll(async () => {
    root = notebooksFolder();
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    await runIn(root, ['a1'], 'sound');
    vi.restoreAllMocks();
  }, 60_000);

  afterAll(() => {
    rmSync(root, { recursive: true });
  });

  it('loads nothing from anywhere', () => {
    const addresses = loads(read('sound', 'a1-sound', 'index.html'));
    expect(addresses.length).toBeGreaterThan(0);
    for (const address of addresses) expect(address).toMatch(/^(data:|#)/);
  });

  it('forbids requests, the evaluation of text, and programs that are not its own', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(
      read('sound', 'a1-sound', 'index.html'),
    )?.[1];
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|https?:|\*/);
  });

  it('cannot be broken into by its data, its words or its labels', () => {
    const html = read('sound', 'a1-sound', 'index.html');
    expect(html).not.toContain('<script>alert(1)');
    const specs = /<script type="application\/json" id="specs">(.*?)<\/script>/s.exec(html)?.[1] ?? '';
    const { requests } = JSON.parse(specs) as { requests: { datasets: { rows: unknown[] } } };
    expect(requests.datasets.rows[1]).toEqual({ replica: dangerous, requests: 1042 });
  });

  it('shows the picture before any program runs, with its links and its number', () => {
    const html = read('sound', 'a1-sound', 'index.html');
    expect(html).toMatch(
      /<figure id="requests">\s*<div class="plot" data-chart="requests"><svg role="img" aria-label="Counts/,
    );
    expect(html).toContain('<b>Figure 1.</b> Two <em>bars</em>.');
    for (const file of ['svg', 'png', 'vl.json', 'csv']) expect(html).toContain(`href="requests.${file}"`);
  });

  it('has one page in front, with a card', () => {
    const html = read('sound', 'index.html');
    expect(html).toContain('<a href="a1-sound/index.html">A notebook</a>');
    expect(html).toContain('src="a1-sound/requests.png" alt="Counts"');
    expect(html).toContain('Is 1 &lt; 2?');
    expect(loads(html).filter((address) => /^\w+:/.test(address) && !address.startsWith('data:'))).toEqual(
      [],
    );
  });
});
