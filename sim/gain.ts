/** What variance reduction is worth: the variance without it over the variance with it. */
import type { Measure, Measures } from '../core/measures.ts';

/** By measure, for those that have an interval both ways: the squared ratio of widths, 4 where a quarter of the requests do. */
export function gainsOf(plain: Measures, reduced: Measures): Record<string, number> {
  const both = Object.keys(reduced).filter((name) => width(plain[name]) > 0 && width(reduced[name]) > 0);
  return Object.fromEntries(
    both.map((name) => {
      const ratio = width(plain[name]) / width(reduced[name]);
      return [name, ratio * ratio];
    }),
  );
}

/** Of an interval; NaN where there is none. */
function width({ low, high }: Measure): number {
  return low === null || high === null ? NaN : high - low;
}
