/** Text is measured as it is drawn. */
import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { fontFaces, fontFiles, textWidth, wrap } from '../../notebooks/render/font.ts';

/** Width of the ink that resvg draws; a bar at either end makes it the advance, but for the bars' own bearings. */
function drawnWidth(text: string, size: number, weight: number): number {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="100"><text x="9" y="50"
    font-family="Inter" font-size="${size}" font-weight="${weight}">|${text}|</text></svg>`;
  const font = { loadSystemFonts: false, fontFiles: [...fontFiles] };
  return new Resvg(svg, { font }).innerBBox()?.width ?? 0;
}

describe('text width', () => {
  it.each([
    ['requests handled by each replica', 400],
    ['AVATAR To Ty 10,000 × 3.5 ≥ 0.25', 400],
    ['The busiest replica handles 2.1 times the mean', 600],
    ['10x20 -> 30', 600],
  ])('of "%s" at weight %i is the one that is drawn', (text, weight) => {
    const bars = drawnWidth('', 20, weight);
    const expected = drawnWidth(text, 20, weight) - bars;
    // resvg rounds a bounding box to whole px.
    expect(
      Math.abs(textWidth(`|${text}|`, 20, weight) - textWidth('||', 20, weight) - expected),
    ).toBeLessThan(2);
  });

  it('grows with size', () => {
    expect(textWidth('slot', 24)).toBeCloseTo(2 * textWidth('slot', 12), 10);
  });
});

describe('wrapping', () => {
  it('keeps every word and every line within the width', () => {
    const text = 'More virtual nodes make the load more even whatever the hash function may be';
    const lines = wrap(text, 180, 15, 600);
    expect(lines.join(' ')).toBe(text);
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(textWidth(line, 15, 600)).toBeLessThanOrEqual(180);
  });

  it('leaves a word alone that is wider than the line', () => {
    expect(wrap('a incomprehensibilities b', 20, 15)).toEqual(['a', 'incomprehensibilities', 'b']);
  });
});

describe('the embedded font', () => {
  it('stays small, and is the same every time', async () => {
    const faces = await fontFaces('Φ and ⊕');
    expect(faces.length).toBeLessThan(60_000);
    expect(await fontFaces('Φ and ⊕')).toBe(faces);
  });
});
