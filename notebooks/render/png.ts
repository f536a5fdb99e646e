/** An SVG as a PNG at twice its size, on white, with the bundled font and no other. */
import { Resvg } from '@resvg/resvg-js';
import { fontFiles } from './font.ts';

/** Pixels for one px of the SVG. */
export const pngScale = 2;

/** Draws the picture. */
export function toPng(svg: string): Buffer {
  const font = { loadSystemFonts: false, fontFiles: [...fontFiles], defaultFontFamily: 'Inter' };
  const picture = new Resvg(svg, { background: 'white', fitTo: { mode: 'zoom', value: pngScale }, font });
  return picture.render().asPng();
}
