/** `lab compare` as a user types it. */
import { describe, expect, it } from 'vitest';
import { lab } from '../../lab.ts';

const few = ['compare', '--replicas', '3,10', '--keys', '2000'];

describe('lab compare', () => {
  it('prints a row a placement and size, as CSV or JSON, with progress on stderr', async () => {
    const csv = await lab([...few, '--placements', 'jump,maglev(251)', '--csv']);
    const [head, ...rows] = csv.stdout.trim().split('\n');
    expect(head).toBe('placement,replicas,keys,exactPeakToMean,exactCv,peakToMean,cv,resizePeakToMean,necessary,collateral,lookupNs,initMs,resizeUs,memoryBytes'); // prettier-ignore
    expect(rows.map((row) => row.split(',').slice(0, 3).join())).toEqual(['jump,3,2000', 'maglev(251),3,2000', 'jump,10,2000', 'maglev(251),10,2000']); // prettier-ignore
    expect(csv.stderr).toContain('4 of 4: maglev(251), 10 replicas');
    const json = JSON.parse((await lab([...few, '--placements', 'jump', '--json'])).stdout) as {
      collateral: number;
    }[];
    expect(json.map(({ collateral }) => collateral)).toEqual([0, 0]);
  });

  it.each([
    [['--placements', 'jumq'], /no placement 'jumq'; the nearest is 'jump'/],
    [['--replicas', '1'], /--replicas is '1', but must be an integer from 2/],
    [['--placements', 'anchor(5)'], /anchor\(5\) is full/],
    [['--json', '--csv'], /one of --json and --csv/],
  ])('says in a sentence what is wrong with %s', async (args, message) => {
    const { code, stderr } = await lab([...few, ...args]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});
