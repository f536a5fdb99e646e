/** A folder is made with those above it, or what is in the way is said. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../../../sim/cli/make-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'evenly-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

describe('a folder', () => {
  it('is made with all above it, and stays when it is there', () => {
    const folder = join(root, 'a', 'b', 'c');
    makeFolder(folder);
    makeFolder(folder);
    expect(statSync(folder).isDirectory()).toBe(true);
  });

  it('is not made where a file is, or below one', () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    expect(() => {
      makeFolder(file);
    }).toThrow('EEXIST');
    expect(() => {
      makeFolder(join(file, 'below'));
    }).toThrow('ENOTDIR');
  });

  it.runIf(process.platform === 'linux')('that cannot be is no reason to try for ever', () => {
    expect(() => {
      makeFolder('/proc/nowhere/below');
    }).toThrow('ENOENT');
  });
});
