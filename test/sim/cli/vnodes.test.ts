/** `lab vnodes` as a user types it. */
import { describe, expect, it } from 'vitest';
import { lab } from '../../lab.ts';

describe('lab vnodes', () => {
  it('prints the need, a row a number of replicas and a column a load', async () => {
    const { stdout } = await lab(['vnodes', '--replicas', '3,6', '--load', '0.8,0.9']);
    expect(stdout).toMatch(/99% of the rings/);
    expect(stdout).toMatch(/^ *replicas +80% +90%$/m);
    expect(stdout).toMatch(/^ *6 +128 +612$/m);
  });

  it('prints the chance of an overload for given virtual nodes, as CSV', async () => {
    const { stdout } = await lab(['vnodes', '--replicas', '2', '--load', '0.8', '--vnodes', '1', '--csv']);
    // Two arcs of one point each: one of them is longer than 1 / (2 · 0.8) with chance 2 (1 - 0.625).
    const [head, row] = stdout.trim().split('\n');
    expect(head).toBe('replicas,load,vnodes,overloaded');
    expect(Number(row.split(',')[3])).toBeCloseTo(0.75, 12);
  });

  it.each([
    [['--load', '1'], /--load has '1', but must be a number above 0 and up to 0.98/],
    [['--safety', 'sure'], /--safety has 'sure'/],
    [['--replicas', '0'], /--replicas is '0', but must be an integer from 1/],
    [['--json', '--csv'], /one of --json and --csv/],
  ])('says in a sentence what is wrong with %s', async (args, message) => {
    const { code, stderr } = await lab(['vnodes', ...args]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});
