/** Readers of a scenario's values: from the text a user types to a checked value, or a sentence. */
import { InputError, unknownName } from './input-error.ts';
import { MEASURES } from './stats/figures.ts';
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

/** A measure by its name. */
export const ofMeasure: Reader<string> = choice('measure', [...Object.keys(MEASURES)]);

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

/** A law of times, or the word none. */
export const lawOrNone: Reader<string> = (flag, text, tables) =>
  text === 'none' ? text : pick((t) => t.services)(flag, text, tables);

/** A number in a range, both ends included. */
export function within(min: number, max: number): Reader<number> {
  return (flag, text) => {
    const value = /^\d*\.?\d+(e-?\d+)?$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    throw new InputError(`--${flag} is '${text}', but must be a number from ${min} to ${max}.`);
  };
}

/** Places in a queue, or the word unbounded, which is as many as there can be requests. */
export function queueBound(most: number): Reader<number> {
  return (flag, text, tables) => (text === 'unbounded' ? most : integer(0, most)(flag, text, tables));
}

/** Weights dealt to the replicas in turn: `1`, or `5:1:1`. */
export const weights: Reader<string> = (flag, text) => {
  const parts = text.split(':');
  if (parts.every((part) => /^[1-9]\d{0,3}$/.test(part))) return text;
  throw new InputError(
    `--${flag} is '${text}', but must be integers from 1 to 9999 joined by colons, such as 5:1:1.`,
  );
};

/** Speeds dealt to the replicas in turn: `1`, or `1:1:0.5`. */
export const speeds: Reader<string> = (flag, text) => {
  const parts = text.split(':');
  const legal = (part: string): boolean => /^\d+(\.\d+)?$/.test(part) && +part >= 1e-3 && +part <= 1e3;
  if (parts.every(legal)) return parts.map(Number).join(':');
  throw new InputError(
    `--${flag} is '${text}', but must be numbers from 0.001 to 1000 joined by colons, such as 1:1:0.5.`,
  );
};

/** When to hedge: never, after a time, or at a quantile of the response times so far. */
export const hedge: Reader<string> = (flag, text) => {
  if (text === 'none') return text;
  const percent = /^p(\d{1,2}(?:\.\d+)?)$/.exec(text);
  if (percent && Number(percent[1]) > 0) return `p${Number(percent[1])}`;
  try {
    return `${duration(flag, text)}ms`;
  } catch {
    throw new InputError(
      `--${flag} is '${text}', but must be none, a time such as 20ms, or a quantile such as p95.`,
    );
  }
};

/** A failure at a time, of the replica of that name. */
export interface Failure {
  readonly atMs: number;
  readonly replica: string;
}

/** Something that lasts, of the replica of that name; the factor is 1 where it has none. */
export interface Span extends Failure {
  readonly forMs: number;
  readonly factor: number;
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

/** Spans joined by plus signs, each a start and a length (ISO 8601 writes them so), a replica, and maybe a factor. */
export function spans(factors: boolean): Reader<string> {
  const legal = factors
    ? 'spans such as 10s/20s:S2x5, joined by plus signs, the factor from 0.001 to 1000000'
    : 'spans such as 10s/20s:S2, joined by plus signs';
  const pattern = factors ? SLOWNESS : SPAN;
  const one = (flag: string, part: string): string => {
    const [, at, length, replica, factor = '1'] = pattern.exec(part) ?? [];
    if (!replica || !(Number(factor) >= 1e-3 && Number(factor) <= 1e6))
      throw new InputError(`--${flag} has '${part}', but must be ${legal}.`);
    const times = `${duration(flag, at)}ms/${duration(flag, length)}ms:${replica}`;
    return factors ? `${times}x${Number(factor)}` : times;
  };
  return (flag, text) => {
    if (text === '') return text;
    return text
      .split('+')
      .map((part) => one(flag, part))
      .join('+');
  };
}

const SPAN = /^([^/:]+)\/([^/:]+):(S[1-9]\d*)$/;
const SLOWNESS = /^([^/:]+)\/([^/:]+):(S[1-9]\d*)x(\d+(?:\.\d+)?)$/;

/** The spans that a canonical text of `spans` holds. */
export function spansOf(text: string): Span[] {
  if (text === '') return [];
  return text.split('+').map((part) => {
    const [times, what] = part.split(':');
    const [atMs, forMs] = times.split('/').map(parseFloat);
    const [replica, factor = '1'] = what.split('x');
    return { atMs, forMs, replica, factor: Number(factor) };
  });
}
