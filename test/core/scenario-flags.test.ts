/** Errors of a scenario name the flag, whatever table or distribution they come from. */
import { describe, expect, it } from 'vitest';
import { scenario } from '../../core/scenario.ts';
import type { Scenario } from '../../core/scenario.ts';

describe('a value that is not legal', () => {
  it.each<[Partial<Scenario>, RegExp]>([
    [{ keys: 'uniform(5,1)' }, /^--keys: uniform\(5,1\) has from above to; write uniform\(1,5\)\.$/],
    [{ mtbf: 'foo' }, /^--mtbf: There is no distribution of times 'foo'/],
    [
      { patience: 'exponential(-1)' },
      /^--patience: The distribution of times 'exponential\(-1\)' has '-1' for mean/,
    ],
    [
      { placement: 'maglev(4)' },
      /^--placement: The placement maglev\(4\) needs a prime, but 4 is divisible by 2/,
    ],
    [
      { warmup: '20000', precision: 0.01 },
      /--requests, which is 10000 and the least that --precision sends;/,
    ],
    [
      { mtbf: 'exponential(0.000001)', arrivals: 'constant(0.001)' },
      /^--mtbf is 0.000001 ms in the mean, but must be 30 ms or more where 10000 requests take 10000000000 ms to come/,
    ],
    [
      { autoscale: 'in-flight', scaleEvery: 1e-7 },
      /^--scale-every is 1e-7 ms in the mean, but must be 0.00005 ms or more/,
    ],
  ])('names the flag of %o', (given, sentence) => {
    expect(() => scenario(given)).toThrow(sentence);
  });
});
