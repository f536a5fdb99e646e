/** Tables of named things, and the one notation that picks from them: `name`, `name(1,2.5)` or `name(b=2.5)`. */
import { InputError, unknownName } from './input-error.ts';
import type { Entry, Parameter } from './types.ts';

/** Anything that can stand in a table. */
export interface Named {
  readonly name: string;
}

/** A picked entry, its numbers, and the notation with every number filled in. */
export interface Choice<E> {
  readonly entry: E;
  readonly args: readonly number[];
  readonly spec: string;
}

/** A table of one kind of thing. */
export interface Table<E extends Named> {
  /** What its entries are, in the singular, as an error would say it: 'hash function'. */
  readonly kind: string;
  readonly entries: readonly E[];
  /** @throws InputError for an unknown name, a wrong number of arguments or one out of range. */
  choose(spec: string): Choice<E>;
  /** The same table with one more entry, which wins over one of the same name. */
  with(entry: E): Table<E>;
}

/** A table of entries. The order is that of the names, so that a listing does not depend on imports. */
export function table<E extends Entry<unknown>>(kind: string, unordered: readonly E[]): Table<E> {
  const entries = [...unordered].sort((a, b) => (a.name < b.name ? -1 : 1));
  const find = (name: string): E => {
    const found = entries.find((entry) => entry.name === name);
    if (!found) throw unknownName(kind, name, entries.map(signature));
    return found;
  };
  return {
    kind,
    entries,
    choose(spec) {
      const exact = entries.find((entry) => entry.name === spec);
      const { name, given } = exact ? { name: spec, given: [] } : parse(spec);
      const entry = exact ?? find(name);
      const args = fill(`${kind} '${spec}'`, entry, given);
      return { entry, args, spec: args.length === 0 ? entry.name : `${entry.name}(${args.join(',')})` };
    },
    with: (entry) => table(kind, [...entries.filter(({ name }) => name !== entry.name), entry]),
  };
}

/** The entry's name with its parameters' names: `poly(a,b,c)`. */
export function signature({ name, parameters = [] }: Entry<unknown>): string {
  return parameters.length === 0 ? name : `${name}(${parameters.map((p) => p.name).join(',')})`;
}

/** What is not in the notation is all name, which no entry has. */
function parse(spec: string): { name: string; given: string[] } {
  const [, name, list = ''] = /^\s*([^\s()]+)\s*(?:\(([^()]*)\))?\s*$/.exec(spec) ?? ['', spec];
  return { name, given: list.trim() === '' ? [] : list.split(',').map((text) => text.trim()) };
}

function fill(what: string, entry: Entry<unknown>, given: readonly string[]): number[] {
  const parameters = entry.parameters ?? [];
  if (given.length > parameters.length) {
    const takes =
      parameters.length === 0 ? 'no numbers' : `at most ${parameters.length}: ${signature(entry)}`;
    throw new InputError(`The ${what} has ${given.length} numbers, but ${entry.name} takes ${takes}.`);
  }
  const args = parameters.map((parameter) => parameter.default);
  given.forEach((text, i) => {
    const named = /^([a-z]\w*)=(.*)$/i.exec(text);
    const at = named ? parameters.findIndex(({ name }) => name === named[1]) : i;
    if (at < 0)
      throw new InputError(`The ${what} has '${text}', but ${entry.name} takes ${signature(entry)}.`);
    args[at] = number(what, parameters[at], named ? named[2] : text);
  });
  return args;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

function number(what: string, { name, min, max, integer, time }: Parameter, text: string): number {
  const [, digits = text, unit = 'ms'] = (time && /^(\d*\.?\d+)(ms|s|m)$/.exec(text)) || [];
  const value = digits === '' ? NaN : Number(digits) * UNITS[unit];
  if (!(value >= min && value <= max) || (integer && !Number.isInteger(value))) {
    const legal = `${integer ? 'an integer' : 'a number'} from ${min} to ${max}`;
    throw new InputError(`The ${what} has '${text}' for ${name}, which must be ${legal}.`);
  }
  return value;
}
