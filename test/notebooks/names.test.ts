/** What a user may type for a notebook. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../core/input-error.ts';
import { chooseNotebooks, notebookIds } from '../../notebooks/cli.ts';
import type { Notebook } from '../../notebooks/story.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'names-'));
  const files = [
    'a1-sound.ts',
    'a2-false.ts',
    'a10-nan.ts',
    'a11-nil.ts',
    'b1-empty.ts',
    'cli.ts',
    'story.ts',
    'notes.md',
  ];
  for (const file of files) writeFileSync(join(folder, file), '');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('names of notebooks', () => {
  const choose = (...typed: string[]): string[] => chooseNotebooks(typed, folder);

  it('are all of them when none is typed, in the order of their numbers', () => {
    expect(choose()).toEqual(['a1-sound', 'a2-false', 'a10-nan', 'a11-nil', 'b1-empty']);
  });

  it('may be cut short where one notebook alone begins so', () => {
    expect(choose('b', 'a2', 'a1-sound', 'a2-false')).toEqual(['a1-sound', 'a2-false', 'b1-empty']);
  });

  it('are cut at a word before they are cut within one', () => {
    expect(choose('a1')).toEqual(['a1-sound']);
  });

  it('are an input error when nothing, or more than one, begins so', () => {
    expect(() => choose('a4')).toThrow(InputError);
    expect(() => choose('a')).toThrow(/a1-sound, a2-false, a10-nan, a11-nil\./);
    expect(() => choose('')).toThrow(InputError);
  });

  it.each(notebookIds())('of the lab itself belong to notebooks: %s tells a story', async (id) => {
    const { default: notebook } = (await import(`../../notebooks/${id}.ts`)) as { default: Notebook };
    expect(typeof notebook.tell).toBe('function');
  });
});
