/** The one thing that containers cannot remember: how many replicas are wanted, after /add and /rm. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** A number on disk that survives a supervisor that was killed. */
export interface SavedNumber {
  read(): number | undefined;
  write(value: number): void;
  forget(): void;
}

/** Kept in a file of its own, replaced as a whole. */
export function savedNumber(path: string): SavedNumber {
  return {
    read() {
      try {
        const value = Number(readFileSync(path, 'utf8'));
        return Number.isInteger(value) && value >= 0 ? value : undefined;
      } catch {
        return undefined;
      }
    },
    write(value) {
      writeFileSync(`${path}.new`, `${value}\n`, { mode: 0o600 });
      renameSync(`${path}.new`, path);
    },
    forget() {
      rmSync(path, { force: true });
    },
  };
}
