/** Lists and ranges as a user types them. */
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../core/input-error.ts';
import { listOf } from '../../../sim/cli/lists.ts';

describe('a list on the command line', () => {
  it('splits at commas, but not inside brackets', () => {
    expect(listOf('server-hash', 'md5, poly(1,2,17),sha1')).toEqual(['md5', 'poly(1,2,17)', 'sha1']);
  });

  it('counts a range upwards, both ends included, with a step after a colon', () => {
    expect(listOf('replicas', '2..6')).toEqual(['2', '3', '4', '5', '6']);
    expect(listOf('vnodes', '10..35:10,100')).toEqual(['10', '20', '30', '100']);
    expect(listOf('replicas', '3..3')).toEqual(['3']);
  });

  it('leaves a path with dots alone', () => {
    expect(listOf('hash', '../mine.ts')).toEqual(['../mine.ts']);
  });

  it.each(['6..2', '2..', '..6', '2..6:0', '2..6:x', '2..6:'])(
    'names the range that makes no sense: %s',
    (range) => {
      expect(() => listOf('replicas', range)).toThrow(InputError);
      expect(() => listOf('replicas', range)).toThrow(`'${range}'`);
    },
  );

  it('refuses a range of more values than anybody means, and an empty value', () => {
    expect(() => listOf('seed', '0..9999999')).toThrow(/10000000 values/);
    expect(() => listOf('replicas', '2,,3')).toThrow(/empty value/);
  });
});
