/** Streams: uniform, repeatable, and one a purpose. */
import alea from 'seedrandom/lib/alea.js';
import { describe, expect, it } from 'vitest';
import { stream } from '../../../core/random/stream.ts';
import type { Purpose } from '../../../core/random/stream.ts';
import type { Random } from '../../../core/types.ts';
import { chiSquare, chiSquareLimit } from '../../statistics.ts';

const purposes: Purpose[] = ['arrivals', 'keys', 'service', 'policy'];
const draw = (random: Random, n: number): number[] => Array.from({ length: n }, () => random());

describe('a stream', () => {
  it('gives the same numbers for the same seed and purpose, today and tomorrow', () => {
    expect(draw(stream(42, 'keys'), 5)).toEqual(draw(stream(42, 'keys'), 5));
    expect(draw(stream(42, 'arrivals'), 3)).toEqual(golden);
  });

  it('gives, number for number, what seedrandom gives', () => {
    for (const purpose of purposes) {
      const [own, original] = [stream(7, purpose), alea(`${purpose}/7`).double];
      let differing = 0;
      // A carry over 1, which the two steps do in different ways, comes once in thousands.
      for (let i = 0; i < 200_000; i++) if (own() !== original()) differing++;
      expect(differing).toBe(0);
    }
  });

  it('has other numbers for every other seed and purpose', () => {
    const seeds = [0, 1, 42, 2 ** 32, 2 ** 53 - 2, 2 ** 53 - 1];
    const firsts = purposes.flatMap((purpose) => seeds.map((seed) => stream(seed, purpose)()));
    expect(new Set(firsts).size).toBe(purposes.length * seeds.length);
  });

  it('does not notice what is drawn from another', () => {
    const [keys, service] = [stream(7, 'keys'), stream(7, 'service')];
    const mixed = Array.from({ length: 4 }, () => [service(), keys()][1]);
    expect(mixed).toEqual(draw(stream(7, 'keys'), 4));
  });

  it.each(purposes)('of %s is uniform over 100 cells, with 53 bits, in [0, 1)', (purpose) => {
    const values = draw(stream(1, purpose), 200_000);
    const cells = Array.from({ length: 100 }, () => 0);
    for (const value of values) cells[Math.floor(value * 100)]++;
    expect(chiSquare(cells, Array<number>(100).fill(0.01))).toBeLessThan(chiSquareLimit(99));
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(values.some((value) => (value * 2 ** 32) % 1 !== 0)).toBe(true);
  });

  it('of one purpose is not correlated with that of another', () => {
    // The correlation of n independent pairs is normal with standard deviation 1/√n; 4.9 of them is one in a million.
    const n = 100_000;
    for (const [a, b] of [purposes.slice(0, 2), purposes.slice(1, 3), purposes.slice(2, 4)]) {
      const [first, second] = [draw(stream(42, a), n), draw(stream(42, b), n)];
      const product = first.reduce((sum, u, i) => sum + (u - 0.5) * (second[i] - 0.5) * 12, 0) / n;
      expect(Math.abs(product)).toBeLessThan(4.9 / Math.sqrt(n));
    }
  });
});

/** Baagøe's Alea seeded with the text 'arrivals/42', as seedrandom 3.0.5 gives it with 53 bits. */
const golden = [0.32348702871435553, 0.0770989218926289, 0.7275258410051118];
