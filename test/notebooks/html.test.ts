/** What a notebook says is shown, and never obeyed. */
import { describe, expect, it } from 'vitest';
import { markdownBlocks, markdownLine, plainText, scriptJson } from '../../notebooks/render/html.ts';

describe('markdown', () => {
  it('shows markup instead of obeying it', () => {
    const html = markdownBlocks('a <b>bold</b> <img src=x onerror=alert(1)>\n\n<script>alert(1)</script>');
    expect(html).not.toMatch(/<(b|img|script)\b/);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('turns a picture into its words, since a page asks for nothing', () => {
    expect(markdownLine('![the ring](https://example.org/ring.png)')).toBe('the ring');
  });

  it('keeps links to pages and files, and drops those that run code', () => {
    expect(markdownLine('[paper](https://example.org/a?b=1&c=2)')).toContain(
      'href="https://example.org/a?b=1&amp;c=2"',
    );
    expect(markdownLine('[rows](requests.csv)')).toContain('href="requests.csv"');
    for (const href of ['javascript:alert(1)', 'JaVaScript:alert(1)', 'data:text/html,x', 'vbscript:x']) {
      expect(markdownLine(`[x](${href})`)).toBe('x');
    }
  });

  it('takes off the indent of a template literal', () => {
    const html = markdownBlocks(`
      ## Counts

      One *word*.
        still the same paragraph
    `);
    expect(html).toContain('<h2>Counts</h2>');
    expect(html).not.toContain('<pre>');
  });

  it('takes off the indent after a first line without one', () => {
    expect(markdownBlocks('First.\n\n        Second.\n      ')).toBe('<p>First.</p>\n<p>Second.</p>\n');
  });

  it('reads as plain words where a label needs them', () => {
    expect(plainText('**Load** of `S1` < `S2` & "rest"')).toBe('Load of S1 < S2 & "rest"');
  });
});

describe('JSON in a script element', () => {
  it('cannot close the element and reads back as it was', () => {
    const value = { a: '</script><script>alert(1)</script><!--\u2028' };
    const text = scriptJson(value);
    expect(text).not.toMatch(/[<\u2028]/);
    expect(JSON.parse(text)).toEqual(value);
  });
});
