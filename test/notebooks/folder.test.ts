/** A folder is whole or not there, whatever comes between. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replaceFolder } from '../../notebooks/render/folder.ts';

let root = '';

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'folder-'));
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

describe('a folder', () => {
  it('is replaced as a whole', async () => {
    const target = join(root, 'folder', 'a1');
    await replaceFolder(target, new Map([['one', '1']]));
    await replaceFolder(target, new Map([['two', '2']]));
    expect(readdirSync(target)).toEqual(['two']);
    expect(readdirSync(join(root, 'folder'))).toEqual(['a1']);
  });

  it('is whole or not there when its writing is interrupted', async () => {
    const target = join(root, 'interrupted', 'a1');
    const folder = fileURLToPath(new URL('../../notebooks/render/folder.ts', import.meta.url));
    const script = `import { replaceFolder } from ${JSON.stringify(folder)};
      const files = new Map(Array.from({ length: 400 }, (_, i) => ['f' + i, 'x'.repeat(20000)]));
      for (let i = 0; i < 200; i++) { await replaceFolder(${JSON.stringify(target)}, files); process.stdout.write('.'); }`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGINT');
    // 130 from within the writing; by the signal itself from between two.
    expect([130, null]).toContain(await new Promise((resolve) => child.once('exit', resolve)));
    expect(readdirSync(join(root, 'interrupted'))).toEqual(['a1']);
    expect(readdirSync(target)).toHaveLength(400);
  });
});
