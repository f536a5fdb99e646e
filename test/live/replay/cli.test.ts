/** `lab.ts replay`: one line and an exit code. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it, vi } from 'vitest';
import { scenario } from '../../../core/scenario.ts';
import { replayCommand } from '../../../live/replay/cli.ts';
import { recorder } from '../../../live/replay/recorder.ts';
import { afterwards } from '../gateway/stage.ts';
import { temporary } from '../../temporary.ts';

async function printed(file: string): Promise<string> {
  let out = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  const program = new Command().exitOverride().addCommand(replayCommand());
  try {
    await program.parseAsync(['replay', file], { from: 'user' });
  } finally {
    write.mockRestore();
  }
  return out;
}

async function written(picked: number): Promise<string> {
  const file = join(temporary(), 'events.ndjson');
  const recording = recorder(file, scenario({ policy: 'round-robin' }), (error) => {
    throw error;
  });
  recording.record(['j', 0.5, 0, 1, 'S1', 1]);
  recording.record(['p', 1.25, 132_574, picked]);
  await recording.close();
  return file;
}

describe('the replay command', () => {
  it('says that every pick is the same, with counts', async () => {
    const out = await printed(await written(0));
    expect(out).toBe('The same: 1 pick of round-robin (1 joining, 0 leavings, 0 swaps).\n');
  });

  it('shows the first event that differs, and exits with 1', async () => {
    const before = process.exitCode;
    afterwards(() => Promise.resolve((process.exitCode = before)));
    const out = await printed(await written(3));
    expect(out).toBe('Differs at line 3: ["p",1.25,132574,3] was recorded, the replay picked 0 (pick 1).\n');
    expect(process.exitCode).toBe(1);
  });

  it('refuses a file that is not there or no recording', async () => {
    await expect(printed('/nonexistent')).rejects.toThrow("The recording '/nonexistent' cannot be read.");
    const other = join(temporary(), 'other.json');
    writeFileSync(other, '{"a":1}\n');
    await expect(printed(other)).rejects.toThrow('This is not a recording of events');
  });
});

describe('a recording that cannot be written', () => {
  it('is refused at the start', () => {
    const begin = (): unknown => recorder('/nonexistent/file', scenario(), () => undefined);
    expect(begin).toThrow("The recording '/nonexistent/file' cannot be written (ENOENT).");
  });

  it.skipIf(!existsSync('/dev/full'))('any more says so once and does not disturb the run', async () => {
    const errors: string[] = [];
    const recording = recorder('/dev/full', scenario(), ({ message }) => void errors.push(message));
    await expect.poll(() => errors).toHaveLength(1);
    recording.record(['l', 1, 0]);
    await recording.close();
    expect(errors[0]).toContain('ENOSPC');
  });
});
