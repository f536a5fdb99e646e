/** Colours that survive a grey print, colour blindness and white paper, computed and not judged by eye. */
import * as vega from 'vega';
import { describe, expect, it } from 'vitest';
import { ink, muted, palette, sequential } from '../../notebooks/render/theme.ts';

type Triple = readonly [number, number, number];

function linear(color: string): Triple {
  const channel = (at: number): number => {
    const c = parseInt(color.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

const dot = (a: Triple, b: Triple): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cube = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
const luminance = (rgb: Triple): number => dot([0.2126, 0.7152, 0.0722], rgb);
const contrastOnWhite = (color: string): number => 1.05 / (luminance(linear(color)) + 0.05);
const lightness = (color: string): number => lab(linear(color))[0];

/** CIE L*a*b* under D65. */
function lab(rgb: Triple): Triple {
  const x = cube(dot([0.4124, 0.3576, 0.1805], rgb) / 0.95047);
  const y = cube(luminance(rgb));
  const z = cube(dot([0.0193, 0.1192, 0.9505], rgb) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** Full dichromacy: Machado, Oliveira and Fernandes 2009, table 1, severity 1.0. */
const sights: Readonly<Record<string, readonly [Triple, Triple, Triple]>> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const pairs = palette.flatMap((a, i) => palette.slice(i + 1).map((b) => [a, b] as const));

describe('the palette', () => {
  it('keeps any two colours apart in a grey print', () => {
    for (const [a, b] of pairs) expect(Math.abs(lightness(a) - lightness(b))).toBeGreaterThan(10);
  });

  it('keeps neighbours far apart in a grey print', () => {
    for (const [i, color] of palette.slice(1).entries()) {
      expect(Math.abs(lightness(color) - lightness(palette[i]))).toBeGreaterThan(20);
    }
  });

  // A difference of 2.3 can just be noticed; marks apart from one another need several times that.
  it.each(Object.entries(sights))('keeps any two colours apart under %s', (_, rows) => {
    const seen = (color: string): Triple => {
      const clamp = (row: Triple): number => Math.min(1, Math.max(0, dot(row, linear(color))));
      return lab([clamp(rows[0]), clamp(rows[1]), clamp(rows[2])]);
    };
    for (const [a, b] of pairs) {
      const [p, q] = [seen(a), seen(b)];
      expect(Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2])).toBeGreaterThan(14);
    }
  });

  it('draws thin lines in four colours that white paper does not swallow', () => {
    const strong = palette.filter((color) => contrastOnWhite(color) >= 3);
    expect(strong).toEqual([palette[0], palette[2], palette[3], palette[4]]);
  });

  it('sets text at 4.5 to 1 or more', () => {
    expect(Math.min(contrastOnWhite(ink), contrastOnWhite(muted))).toBeGreaterThan(4.5);
  });
});

describe('the scheme of heat maps', () => {
  it('grows darker from one end to the other', () => {
    const scheme = vega.scheme(sequential) as unknown as (t: number) => string;
    const steps = Array.from({ length: 65 }, (_, i) => lightness(hex(scheme(i / 64))));
    for (const [i, step] of steps.slice(1).entries()) expect(step).toBeLessThan(steps[i]);
  });
});

function hex(rgb: string): string {
  if (rgb.startsWith('#')) return rgb;
  return '#' + (rgb.match(/\d+/g) ?? []).map((c) => Number(c).toString(16).padStart(2, '0')).join('');
}
