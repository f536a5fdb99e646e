/** `lab explain` and `lab list` from the outside. */
import { describe, expect, it } from 'vitest';
import { tables } from '../../../core/tables.ts';
import { lab } from '../../lab.ts';

describe('lab explain', () => {
  it('says hash, slots walked, owner and fallbacks, and lists the ring', async () => {
    const { stdout, code } = await lab(['explain', '123456', '--ring', '--json']);
    const { ring, keys } = JSON.parse(stdout) as {
      ring: { slot: number }[];
      keys: { hash: number; slot: number; walked: number[]; owner: string; next: string[] }[];
    };
    const [key] = keys;
    expect(code).toBe(0);
    expect(ring).toHaveLength(27);
    expect(key.hash).toBe(123456 ** 2 + 2 * 123456 + 17);
    expect(key.slot).toBe(key.hash % 512);
    expect([key.walked[0], key.walked.at(-1)]).toEqual([key.slot, Math.min(...ring.map(({ slot }) => slot))]);
    expect([key.owner, ...key.next].sort()).toEqual(['S1', 'S2', 'S3']);
  });

  it('needs a key or --ring, and one ring at a time', async () => {
    const [none, many] = await Promise.all([lab(['explain']), lab(['explain', '1', '--replicas', '2..3'])]);
    expect([none.code, many.code]).toEqual([2, 2]);
    expect(many.stderr).toMatch(/one value/);
  });
});

describe('lab list', () => {
  it('names every entry of every table', async () => {
    const { stdout } = await lab(['list']);
    for (const { entries } of Object.values(tables)) {
      for (const { name } of entries) expect(stdout).toContain(name);
    }
  });
});
