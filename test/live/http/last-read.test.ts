import { describe, expect, it } from 'vitest';
import { LastRead } from '../../../live/http/last-read.ts';

function counted(): { reads: string[]; last: LastRead<{ of: string }> } {
  const reads: string[] = [];
  const last = new LastRead((text) => {
    reads.push(text);
    if (text === 'bad') throw new Error('bad');
    return { of: text };
  });
  return { reads, last };
}

describe('the last text that was read', () => {
  it('is not read again, and another one is', () => {
    const { last, reads } = counted();
    const all = ['a', 'a', 'b', 'b', 'a'].map((text) => last.of(text).of);
    expect(all).toEqual(['a', 'a', 'b', 'b', 'a']);
    expect(reads).toEqual(['a', 'b', 'a']);
  });

  it('is refused each time it comes when it is refused once', () => {
    const { last, reads } = counted();
    last.of('a');
    for (let i = 0; i < 2; i++) expect(() => last.of('bad')).toThrow('bad');
    expect(last.of('a')).toEqual({ of: 'a' });
    expect(reads).toEqual(['a', 'bad', 'bad']);
  });

  it('is not kept when it is large', () => {
    const { last, reads } = counted();
    const large = 'x'.repeat(3000);
    for (let i = 0; i < 2; i++) expect(last.of(large).of).toBe(large);
    expect(reads).toHaveLength(2);
  });
});
