/** Readers of a scenario's values: from the text a user types to a checked value, or a sentence. */
import { InputError, unknownName } from './input-error.ts';
import type { Table } from './table.ts';
import type { Entry } from './types.ts';
import type { Tables } from './tables.ts';

/** Reads one value of the flag; throws InputError with a sentence that names flag, value and legal values. */
export type Reader<T> = (flag: string, text: string, tables: Tables) => T;

/** A whole number in a range. */
export function integer(min: number, max: number): Reader<number> {
  return (flag, text) => {
    const value = /^-?\d+$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    throw new InputError(`--${flag} is '${text}', but must be an integer from ${min} to ${max}.`);
  };
}

/** A share in a range, as `0.95` or as `95%`. */
export function share(min: number, max: number): Reader<number> {
  return (flag, text) => {
    const match = /^(\d*\.?\d+)(%?)$/.exec(text);
    const value = match ? Number(match[1]) / (match[2] ? 100 : 1) : NaN;
    if (value >= min && value <= max) return value;
    throw new InputError(
      `--${flag} is '${text}', but must be from ${min * 100}% to ${max * 100}%, as 95% or 0.95.`,
    );
  };
}

const UNITS: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1000, m: 60_000 };

/** About 30 years; longer ones would be written with a plus sign, which joins failures. */
const LONGEST_MS = 1e12;

/** A duration in ms: `250`, `250ms`, `1.5s`, `2m`, and `1e-7`, as a very small number is written. */
export function duration(flag: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?(?:e-\d+)?)(ms|s|m|)$/.exec(text);
  const ms = match ? Number(match[1]) * UNITS[match[2]] : NaN;
  if (ms <= LONGEST_MS) return ms;
  throw new InputError(
    `--${flag} has '${text}', but must be a duration up to ${LONGEST_MS} ms, such as 250ms, 1.5s or 2m (plain numbers are ms).`,
  );
}

/** What to leave out at the start: `auto`, `none`, a number of requests, or a time, which needs its unit. */
export const warmup: Reader<string> = (flag, text) => {
  if (text === 'auto' || text === 'none' || /^\d{1,12}$/.test(text)) return text;
  if (/^\d+(?:\.\d+)?(ms|s|m)$/.test(text)) return `${duration(flag, text)}ms`;
  throw new InputError(
    `--${flag} is '${text}', but must be auto, none, a number of requests such as 1000, or a time such as 10s.`,
  );
};

/** The width of a step of the timeline in ms: none, or long enough that steps do not outnumber requests by much. */
export const stepWidth: Reader<number> = (flag, text) => {
  const ms = duration(flag, text);
  if (ms === 0 || ms >= 1) return ms;
  throw new InputError(`--${flag} is '${text}', but must be 0 for none, or at least 1 ms.`);
};

/** One of a few words. */
export function choice(what: string, legal: readonly string[]): Reader<string> {
  return (flag, text) => {
    if (legal.includes(text)) return text;
    throw unknownName(`${what} (--${flag})`, text, legal);
  };
}

/** An entry of a table in the notation of `core/table.ts`, made canonical: `poly` becomes `poly(1,2,17)`. */
export function pick<E extends Entry<unknown>>(of: (tables: Tables) => Table<E>): Reader<string> {
  return (flag, text, tables) => {
    try {
      const { entry, args, spec } = of(tables).choose(text);
      entry.make(args); // what does not fit together is said now, not in the middle of a run
      return spec;
    } catch (error) {
      throw error instanceof InputError ? new InputError(`--${flag}: ${error.message}`) : error;
    }
  };
}

/** Weights dealt to the replicas in turn: `1`, or `5:1:1`. */
export const weights: Reader<string> = (flag, text) => {
  const parts = text.split(':');
  if (parts.every((part) => /^[1-9]\d{0,3}$/.test(part))) return text;
  throw new InputError(
    `--${flag} is '${text}', but must be integers from 1 to 9999 joined by colons, such as 5:1:1.`,
  );
};

/** A failure at a time, of the replica of that name. */
export interface Failure {
  readonly atMs: number;
  readonly replica: string;
}

/** Failures joined by plus signs, each a time and, after a colon, a replica (S1 unless told): `10s` or `10s+20s:S2`. */
export const failures: Reader<string> = (flag, text) => {
  const parts = text.split('+').filter((part) => part !== '' || text.includes('+'));
  return parts.map((part) => readFailure(flag, part)).join('+');
};

function readFailure(flag: string, part: string): string {
  const [time, replica = 'S1', ...rest] = part.split(':');
  if (rest.length > 0 || !/^S[1-9]\d*$/.test(replica)) {
    throw new InputError(
      `--${flag} has '${part}', but must be times such as 10s or 10s:S2, joined by plus signs.`,
    );
  }
  return `${duration(flag, time)}ms:${replica}`;
}

/** The failures that a canonical text of `failures` holds. */
export function failuresOf(text: string): Failure[] {
  if (text === '') return [];
  return text.split('+').map((part) => {
    const [time, replica] = part.split(':');
    return { atMs: parseFloat(time), replica };
  });
}
