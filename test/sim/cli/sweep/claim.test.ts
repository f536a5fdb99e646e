/** Claims: one holder a run, taken over from the dead and from nobody else. */
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHolder, tidy } from '../../../../sim/cli/sweep/claim.ts';
import { identity } from '../../../../sim/cli/sweep/identity.ts';

const hash = 'ab'.repeat(32);
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'claim-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const claims = (): string[] => readdirSync(join(folder, 'claims')).filter((name) => name.startsWith('ab'));
function leave(name: string, who: object, minutesAgo = 0): void {
  const path = join(folder, 'claims', name);
  writeFileSync(path, JSON.stringify({ ...identity(), ...who }));
  const then = Date.now() / 1000 - minutesAgo * 60;
  utimesSync(path, then, then);
}

describe('a claim', () => {
  it('is of one holder, until it is released', () => {
    const [one, two] = [openHolder(folder), openHolder(folder)];
    const claim = one.claim(hash);
    expect([claim !== undefined, two.claim(hash)]).toEqual([true, undefined]);
    claim?.release();
    expect(two.claim(hash)).toBeDefined();
  });

  it.each([
    ['whose number another process has now', { started: '1' }],
    ['that is gone', { pid: 2 ** 22 + 1, started: '1' }],
  ])('of a process %s goes to one of those who ask, however long they have known', (_, who) => {
    const [one, two] = [openHolder(folder), openHolder(folder)];
    leave(`${hash}.0`, who);
    const claim = one.claim(hash);
    expect([claim !== undefined, two.claim(hash), claims()]).toEqual([
      true,
      undefined,
      [`${hash}.0`, `${hash}.1`],
    ]);
    claim?.release();
    expect(claims()).toEqual([`${hash}.0`]); // the dead one stays, so that nobody takes its place for free
    two.claim(hash)?.settle();
    expect(claims()).toEqual([]);
  });

  it('of another machine holds for two minutes after its last heartbeat', () => {
    const me = openHolder(folder);
    leave(`${hash}.0`, { machine: 'elsewhere' }, 1);
    expect(me.claim(hash)).toBeUndefined();
    leave(`${hash}.0`, { machine: 'elsewhere' }, 3);
    expect(me.claim(hash)).toBeDefined();
  });

  it('of a run that is stored is tidied away, with what dead processes left of themselves', () => {
    const me = openHolder(folder);
    leave(`${hash}.0`, { started: '1' });
    leave('holder-dead', { started: '1' });
    leave('part-dead', {});
    leave('holder-far', { machine: 'elsewhere' }, 9);
    tidy(folder, () => false);
    expect(readdirSync(join(folder, 'claims')).sort()).toEqual(
      [`${hash}.0`, 'holder-far', `holder-${me.id}`].sort(),
    );
    tidy(folder, (run) => run === hash);
    expect(claims()).toEqual([]);
  });
});
