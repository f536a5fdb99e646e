/** What containers cannot remember: how many replicas are wanted after /add and /rm, and which places standbys took. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Seated } from './seat.ts';

const schema = z.object({
  wanted: z.int().min(0),
  promoted: z.record(z.string(), z.object({ handle: z.int().min(0), id: z.int().min(1) })),
});

/** N, and the places of standbys that have taken one, by the driver's key. */
export interface State {
  readonly wanted: number;
  readonly promoted: Readonly<Record<string, Seated>>;
}

/** A state on disk that survives a supervisor that was killed. */
export interface SavedState {
  /** Undefined where there is none, or none that makes sense. */
  read(): State | undefined;
  write(state: State): void;
  forget(): void;
}

/** Kept in a file of its own, replaced as a whole, and only when something has changed. */
export function savedState(path: string): SavedState {
  let written = '';
  return {
    read() {
      try {
        return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
      } catch {
        return undefined;
      }
    },
    write(state) {
      const text = `${JSON.stringify(state)}\n`;
      if (text === written) return;
      written = text;
      writeFileSync(`${path}.new`, text, { mode: 0o600 });
      renameSync(`${path}.new`, path);
    },
    forget() {
      rmSync(path, { force: true });
    },
  };
}
