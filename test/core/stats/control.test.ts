/** Control variates take off what is known, and nothing that only looks so. */
import { describe, expect, it } from 'vitest';
import { stream } from '../../../core/random/stream.ts';
import { correctionBy } from '../../../core/stats/control.ts';
import { fromRuns } from '../../../core/stats/estimate.ts';
import type { Series } from '../../../core/stats/estimate.ts';

const RUNS = 32;
const random = stream(11, 'service');

/** Of variance 1/12 and mean 0. */
const noise = (): Float64Array => Float64Array.from({ length: RUNS }, () => random() - 0.5);

const series = (numerator: Float64Array): Series & { numerator: Float64Array } => ({
  numerator,
  denominator: new Float64Array(RUNS).fill(1),
});

function width(given: Series): number {
  const { low, high } = fromRuns(given, 0.95);
  return high - low;
}

describe('a control', () => {
  it('that explains most of a figure narrows its interval by as much', () => {
    const control = noise();
    const figure = series(noise().map((e, i) => 3 + control[i] + e / 10));
    expect(width(correctionBy([control])(figure)) / width(figure)).toBeLessThan(0.15);
  });

  it('that explains nothing does not make intervals narrower, as a fit to the same numbers would', () => {
    const ratios = Array.from({ length: 400 }, () => {
      const known = noise();
      const rest = series(noise().map((e) => 3 + e / 2));
      const figure = series(rest.numerator.map((e, i) => e + known[i]));
      return width(correctionBy([known, noise(), noise()])(figure)) / width(rest);
    });
    expect(ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length).toBeGreaterThan(1.02); // a fit: below 1
  });

  it('that explains less than half of a figure leaves it as it is', () => {
    const control = noise();
    const figure = series(noise().map((e, i) => 3 + control[i] / 2 + e));
    expect(correctionBy([control])(figure)).toBe(figure);
  });

  it('that says what others do changes nothing', () => {
    const [one, other] = [noise(), noise()];
    const figure = series(noise().map((e, i) => 3 + 2 * one[i] - other[i] + e / 10));
    const both = one.map((value, i) => value + other[i]);
    const [two, three] = [
      [one, other],
      [one, other, both],
    ].map((controls) => correctionBy(controls)(figure).numerator);
    for (let i = 0; i < RUNS; i++) expect(three[i]).toBeCloseTo(two[i], 9);
  });

  it('leaves figures as they are where the others are too few to tell', () => {
    const few = { numerator: [1, 2, 3, 5, 8], denominator: [1, 1, 1, 1, 1] };
    expect(correctionBy([Float64Array.of(1, 2, 3, 5, 7)])(few)).toBe(few);
  });
});
