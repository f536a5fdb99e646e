/** Bad input to a bench: one sentence, and the exit code for it, before anything has begun. */
import { unknownName } from '../../core/input-error.ts';
import { BAD_INPUT } from '../../live/types.ts';

/** Says what was wrong, and ends the process. */
export function refuse(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(BAD_INPUT);
}

/** The one of a list with that name. */
export function named<T extends string>(kind: string, name: string, all: readonly T[]): T {
  return all.find((one) => one === name) ?? refuse(unknownName(kind, name, all).message);
}

/** The value of a flag. */
export function wholeNumber(flag: string, text: string): number {
  const n = Number(text);
  return Number.isSafeInteger(n) && n >= 1
    ? n
    : refuse(`--${flag} must be a whole number from 1, not '${text}'.`);
}
