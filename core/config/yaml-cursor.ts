/** A YAML document as values that know their path and line, so that an error can name both. */
import { LineCounter, parseDocument } from 'yaml';
import { InputError, nearest } from '../input-error.ts';
import { atLine } from './types.ts';

/** A value of the document. */
export interface Cursor {
  /** An error about this value. */
  error(problem: string): InputError;
  /** The field of that name, or null when it is absent or null. */
  get(field: string): Cursor | null;
  has(field: string): boolean;
  /** The items of a list; of nothing, none. */
  items(): readonly Cursor[];
  fields(): readonly string[];
  text(): string;
  /** A scalar as it is. */
  value(): unknown;
  /** @throws InputError unless it is an integer in the range. */
  integer(least: number, most: number): number;
  boolean(): boolean;
  /** @throws InputError for a field that is in none of the lists. */
  allow(...known: readonly (readonly string[])[]): void;
}

type Path = readonly (string | number)[];

/** The document's root. @throws InputError for what is no YAML. */
export function readYaml(text: string): Cursor {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const error = document.errors.at(0);
  if (error)
    throw atLine(
      lines.linePos(error.pos[0]).line,
      `this is no YAML: ${error.code.toLowerCase().replaceAll('_', ' ')}.`,
    );

  function lineOf(path: Path): number {
    const node = document.getIn(path, true) as { range?: readonly number[] } | undefined;
    if (node?.range) return lines.linePos(node.range[0]).line;
    return path.length === 0 ? 1 : lineOf(path.slice(0, -1));
  }

  function cursor(value: unknown, path: Path): Cursor {
    const record = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
    const name = path.length === 0 ? 'the document' : path.join('.');
    const error = (problem: string): InputError => atLine(lineOf(path), `${name} ${problem}`);
    const child = (field: string | number): Cursor =>
      cursor((value as Record<string, unknown>)[field], [...path, field]);
    return {
      error,
      has: (field) => record !== null && Object.hasOwn(record, field),
      get: (field) =>
        record !== null && Object.hasOwn(record, field) && record[field] !== null ? child(field) : null,
      fields: () => (record === null ? [] : Object.keys(record)),
      items() {
        if (!Array.isArray(value)) throw error('must be a list.');
        return value.map((_, i) => child(i));
      },
      text() {
        if (typeof value === 'string' || typeof value === 'number') return String(value);
        throw error('must be text.');
      },
      value: () => value,
      integer(least, most) {
        const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
        if (Number.isInteger(number) && Number(number) >= least && Number(number) <= most)
          return Number(number);
        throw error(`is ${JSON.stringify(value)}; it must be an integer from ${least} to ${most}.`);
      },
      boolean() {
        if (typeof value === 'boolean') return value;
        throw error(`is ${JSON.stringify(value)}; it must be true or false.`);
      },
      allow(...known) {
        if (record === null || Array.isArray(value)) throw error('must be a mapping of fields.');
        for (const field of Object.keys(record)) {
          if (known.flat().includes(field)) continue;
          throw atLine(
            lineOf([...path, field]),
            `there is no field '${field}' in ${name}; the nearest is '${nearest(field, known.flat())}'.`,
          );
        }
      },
    };
  }

  return cursor(document.toJS(), []);
}
