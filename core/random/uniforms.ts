/** Uniform numbers, in columns where their stream can. */
import type { Random } from '../types.ts';

/** The next `count` uniform numbers, into the front of `out`. */
export function uniforms(random: Random, out: Float64Array, count: number): void {
  if (random.fill !== undefined) random.fill(out, count);
  else for (let i = 0; i < count; i++) out[i] = random();
}
