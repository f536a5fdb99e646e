/** `lab rerun` on what the other commands wrote: identical, or the first difference and exit code 1. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../../core/input-error.ts';
import { rerunCommand } from '../../../sim/cli/rerun.ts';
import { lab } from '../../lab.ts';

const folder = mkdtempSync(join(tmpdir(), 'rerun-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

let json = '';
const own = file('own.mjs', 'export default (key) => key % 7;');
beforeAll(async () => {
  const args = ['sim', '--json', '--requests', '300', '--seed', '1,2', '--request-hash', own];
  json = (await lab(args)).stdout;
});

describe('lab rerun', () => {
  it('repeats every run of a document, those with a hash function from a file too', async () => {
    const { stdout, code } = await lab(['rerun', file('same.json', json)]);
    expect([stdout.match(/identical/g)?.length, code]).toEqual([2, 0]);
  });

  it('names the first difference, and that the record was changed', async () => {
    const changed = file('changed.json', json.replace('"completed": 300', '"completed": 299'));
    const { stdout, code } = await lab(['rerun', changed]);
    expect(stdout).toMatch(/^runs\[0\]: different .*: summary\.completed was 299 and is 300;.*its own hash/);
    expect(stdout).toMatch(/^runs\[1\]: identical/m);
    expect(code).toBe(1);
  });

  it('says what made a record, where that is something else', async () => {
    const older = json
      .replaceAll(/"commit": "[^"]*"/g, '"commit": "0123abc"')
      .replaceAll('"evenly": "', '"evenly": "9.');
    const { stderr, code } = await lab(['rerun', file('older.json', older)]);
    expect(stderr).toMatch(/^Made by evenly 9\.\S+, commit 0123abc; this is evenly \d/);
    expect(code).toBe(0);
  });

  it('repeats the CSV of a sweep, and names the cell that differs', async () => {
    const out = join(folder, 'sweep');
    await lab(['sweep', '--requests', '300', '--policy', 'random,by-key', '--timeout', '0,20ms', '--placement', 'slot-ring,maglev(4099)', '--jobs', '1', '--out', out]); // prettier-ignore
    const csv = readFileSync(join(out, 'results.csv'), 'utf8');
    const same = await lab(['rerun', join(out, 'results.csv')]);
    expect([same.stdout.match(/^row \d+: identical/gm)?.length, same.code]).toEqual([8, 0]);
    const changed = await lab(['rerun', file('changed.csv', csv.replace(/,300,/g, ',301,'))]);
    expect(changed.stdout).toMatch(/^row 1: different .*: scenarioHash was|^row 1: different/);
    expect(changed.code).toBe(1);
  }, 60_000);

  it('says that the CSV of a line a replica is none', async () => {
    const { stdout } = await lab(['sim', '--csv', '--requests', '100']);
    const run = rerunCommand().parseAsync([file('replicas.csv', stdout)], { from: 'user' });
    await expect(run).rejects.toThrow(/is no recorded result: take .* the CSV of 'lab sweep'/);
  });

  it.each([
    [() => [join(folder, 'none')], /no such file/],
    [() => [folder], /it is a folder/],
    [() => [file('empty', '\n')], /no result in/],
    [() => [file('other.json', '{"name": "evenly"}')], /is no recorded result/],
    [
      () => [file('live.json', json.replaceAll('"engine": "sim"', '"engine": "live"'))],
      /only simulations repeat/,
    ],
    [() => [file('knob.json', json.replaceAll('"slots": 512', '"slots": 0'))], /--slots is '0'/],
    [() => [file('file.json', json.replaceAll(/(own\.mjs": ")[0-9a-f]{4}/g, '$10000'))], /contents differ/],
  ])('says in a sentence what cannot be repeated: case %#', async (args, sentence) => {
    const run = rerunCommand().parseAsync(args(), { from: 'user' });
    await expect(run).rejects.toThrow(InputError);
    await expect(run).rejects.toThrow(sentence);
  });
});
