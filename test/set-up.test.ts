/** What a machine lacks is said in one sentence, before anything else is tried. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from './lab.ts';

const folder = mkdtempSync(join(tmpdir(), 'path-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A folder for PATH with stand-ins of these names, each a shell script. */
function pathWith(name: string, scripts: Readonly<Record<string, string>>): string {
  const path = join(folder, name);
  mkdirSync(path);
  for (const [command, script] of Object.entries(scripts)) {
    writeFileSync(join(path, command), `#!/bin/sh\n${script}\n`);
    chmodSync(join(path, command), 0o755);
  }
  return path;
}

async function needNode(path: string): Promise<{ code: number | null; lines: string[] }> {
  const { stderr, code } = await run('/bin/sh', ['.ci/need-node'], { PATH: path });
  return { code, lines: stderr.trimEnd().split('\n') };
}

describe('a machine that lacks something', () => {
  it('hears that there is no Node', async () => {
    const { code, lines } = await needNode(pathWith('empty', {}));
    expect(code).toBe(1);
    expect(lines).toEqual([expect.stringMatching(/needs Node\.js 20\.19 or newer, and there is no 'node'/)]);
  });

  it('hears that there is no npm', async () => {
    const { code, lines } = await needNode(pathWith('no-npm', { node: 'exit 0' }));
    expect(code).toBe(1);
    expect(lines).toEqual([expect.stringMatching(/needs npm/)]);
  });

  it('hears which Node is too old', async () => {
    const old = 'case "$1" in --version) echo v18.20.4;; *) exit 1;; esac';
    const { code, lines } = await needNode(pathWith('old', { node: old, npm: 'exit 0' }));
    expect(code).toBe(1);
    expect(lines).toEqual(['evenly needs Node.js 20.19 or newer, and this is v18.20.4.']);
  });
});

describe('make', () => {
  it('prints help from the comments of its targets', async () => {
    const { stdout } = await run('make', ['--no-print-directory']);
    for (const target of ['sim', 'report', 'test', 'check'])
      expect(stdout).toMatch(new RegExp(`make ${target} +\\w`));
  });
});
