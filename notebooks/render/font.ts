/** Inter, from files: what charts are measured and drawn with, so that no machine's own fonts show. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as harfbuzz from 'harfbuzzjs';
import subsetFont from 'subset-font';

const require = createRequire(import.meta.url);
const weights = { 400: '400Regular/Inter_400Regular.ttf', 600: '600SemiBold/Inter_600SemiBold.ttf' };

/** Paths of the TTF files, for resvg. */
export const fontFiles: readonly string[] = Object.values(weights).map((file) =>
  require.resolve(`@expo-google-fonts/inter/${file}`),
);

const [regular, semibold] = fontFiles.map(
  (file) => new harfbuzz.Font(new harfbuzz.Face(new harfbuzz.Blob(readFileSync(file)))),
) as [harfbuzz.Font, harfbuzz.Font];
const measured = new Map<string, number>();

/** Width in px of one line of text, shaped as browsers and resvg do; 600 and bolder are set in semibold. */
export function textWidth(text: string, size: number, weight: string | number = 400): number {
  const bold = weight === 'bold' || weight === 'bolder' || Number(weight) >= 600;
  const key = `${bold ? 'b' : 'r'}${text}`;
  let em = measured.get(key);
  if (em === undefined) {
    em = shapedWidth(bold ? semibold : regular, text);
    measured.set(key, em);
  }
  return em * size;
}

/** The sum of the advances, in em. */
function shapedWidth(font: harfbuzz.Font, text: string): number {
  const buffer = new harfbuzz.Buffer();
  buffer.addText(text);
  buffer.guessSegmentProperties();
  harfbuzz.shape(font, buffer);
  const advances = buffer.getGlyphPositions().map((position) => position.xAdvance);
  return advances.reduce((sum, advance) => sum + advance, 0) / font.face.upem;
}

/** Breaks text between words into lines no wider than `width` px; a longer word stays whole. */
export function wrap(text: string, width: number, size: number, weight: string | number = 400): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const line = lines.at(-1);
    const longer = line === undefined ? word : `${line} ${word}`;
    if (line === undefined || textWidth(longer, size, weight) > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

const ascii = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('');
const signs = '\u00a0·×±²³µ–—‘’“”…→←≤≥≈≠−√∞σμλΦφκ✓✗₂';

/** `@font-face` rules with the glyphs that `text` and the charts' own labels need, about 20 kB a weight. */
export async function fontFaces(text: string): Promise<string> {
  const characters = [...new Set(ascii + signs + text)].sort().join('');
  // Typed apart from the call, since the published types do not know `keepFeatures` yet.
  const options = { targetFormat: 'woff2', noHinting: true, keepFeatures: ['kern', 'calt', 'tnum'] } as const;
  const rules = Object.keys(weights).map(async (weight, i) => {
    const file = readFileSync(fontFiles[i] ?? '');
    const woff2 = await subsetFont(file, characters, options);
    const source = `url(data:font/woff2;base64,${woff2.toString('base64')}) format('woff2')`;
    return `@font-face{font-family:Inter;font-weight:${weight};src:${source}}`;
  });
  return (await Promise.all(rules)).join('\n');
}
