/** Flags that do nothing unless another one is given too: whoever gives one alone is told so instead of being ignored. */
import { InputError } from '../../core/input-error.ts';
import { knobs } from '../../core/scenario.ts';
import type { Scenario } from '../../core/scenario.ts';

type Field = keyof Scenario;

/** A knob, those of which one must be given with it, and an example. */
const PARTNERS: readonly [Field, readonly Field[], string][] = [
  ['mttr', ['mtbf', 'failAt'], '--mtbf exponential(10s)'],
  ['breakdown', ['mtbf', 'failAt'], '--mtbf exponential(10s)'],
  ['heartbeatTimeout', ['heartbeat'], '--heartbeat 250ms'],
  ['misses', ['heartbeat'], '--heartbeat 250ms'],
  ['ejectFor', ['ejectAfter'], '--eject-after 5'],
  ['ejectMost', ['ejectAfter'], '--eject-after 5'],
  ['retryAt', ['retries'], '--retries 2'],
  ['backoff', ['retries'], '--retries 2'],
  ['retryBudget', ['retries', 'hedge'], '--retries 2'],
  ['retryReserve', ['retries', 'hedge'], '--retries 2'],
  ['target', ['autoscale'], '--autoscale in-flight'],
  ['scaleEvery', ['autoscale'], '--autoscale in-flight'],
  ['scaleMin', ['autoscale'], '--autoscale in-flight'],
  ['scaleMax', ['autoscale'], '--autoscale in-flight'],
  ['of', ['precision'], '--precision 1%'],
  ['most', ['precision'], '--precision 1%'],
  ['first', ['runs'], '--runs 1000'],
  ['deal', ['balancers'], '--balancers 2'],
  ['rampFrom', ['ramp'], '--ramp 5s'],
];

/**
 * @param given the knobs that the user gave, with any value; one that a grid turns off in some of its scenarios counts
 * @throws InputError for the first that stands alone
 */
export function checkPartners(given: Partial<Record<Field, unknown>>): void {
  const flagOf = (field: Field): string => `--${knobs[field].flag}`;
  for (const [field, partners, example] of PARTNERS) {
    if (given[field] === undefined || partners.some((partner) => given[partner] !== undefined)) continue;
    const wanted = partners.map(flagOf).join(' or ');
    throw new InputError(
      `${flagOf(field)} does nothing without ${wanted}: give one, such as '${example}', or leave it out.`,
    );
  }
}
