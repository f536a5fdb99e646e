/** `lab sim --paired`: differences to the first scenario, measure by measure, with intervals. */
import { InputError } from '../../core/input-error.ts';
import type { Result } from '../../core/result.ts';
import type { Scenario } from '../../core/scenario.ts';
import { differences } from '../paired.ts';
import type { Behind, Difference } from '../paired.ts';
import { colours, columns, precise } from './terminal.ts';

/** A difference, and of what to what. */
export interface Pair extends Difference {
  readonly scenario: string;
  readonly against: string;
}

/** More than two thousand batches a result are held for the comparison. */
const MOST_SCENARIOS = 200;

/** @throws InputError for scenarios that cannot be compared request by request */
export function checkPairs(scenarios: readonly Scenario[]): void {
  const [first] = scenarios;
  if (scenarios.length < 2 || scenarios.length > MOST_SCENARIOS) {
    throw new InputError(
      `--paired compares 2 to ${MOST_SCENARIOS} scenarios, such as --policy random,least-request, but here are ${scenarios.length}.`,
    );
  }
  if (first.precision > 0) {
    throw new InputError('--paired needs as many requests of each; give --requests instead of --precision.');
  }
  const same = ['requests', 'runs', 'seed', 'arrivals', 'antithetic'] as const;
  const other = same.find((field) => scenarios.some((one) => one[field] !== first[field]));
  if (other === undefined) return;
  throw new InputError(`--paired compares scenarios of the same --${other}, but here it differs.`);
}

/** Every scenario against the first; where a result has no interval of a measure, a difference has none either. */
export function pairsOf(
  results: readonly Result[],
  behinds: readonly Behind[],
  swept: readonly (keyof Scenario)[],
): Pair[] {
  const names = results.map(({ scenario }) => swept.map((field) => String(scenario[field])).join(' '));
  return results.slice(1).flatMap((result, i) =>
    differences(behinds[i + 1], behinds[0], result.scenario.confidence).map((found) => ({
      scenario: names[i + 1],
      against: names[0],
      ...(sure(result, found.of) && sure(results[0], found.of)
        ? found
        : { ...found, low: null, high: null, gain: null }),
    })),
  );
}

function sure({ summary }: Result, name: string): boolean {
  return summary.measures?.[name]?.low != null;
}

/** A line a difference. */
export function narratePairs(pairs: readonly Pair[]): string {
  const head = ['scenario', 'less', 'measure', 'difference', 'from', 'to', 'gain'].map((text) =>
    colours.bold(text),
  );
  const rows = pairs.map(({ scenario, against, of, value, low, high, gain }) => [
    scenario,
    against,
    of,
    precise(value),
    precise(low),
    precise(high),
    precise(gain),
  ]);
  return `${columns(head, rows, 3)}\n\ngain: the variance of independent runs over that of these, which met the same random numbers`;
}
