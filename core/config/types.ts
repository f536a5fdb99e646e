/** What a configuration file says of one backend, in the words of the profiles. */
import { InputError, unknownName } from '../input-error.ts';
import type { ProfileOptions, ServerLine } from '../profile/types.ts';

/** A backend as the lab can run it. */
export interface Backend {
  readonly name: string;
  readonly profile: string;
  readonly options: ProfileOptions;
  readonly servers: readonly ServerLine[];
}

/** Reads the backend of that name, or the only one. @throws InputError with the line of what it cannot read. */
export type ConfigReader = (text: string, wanted?: string) => Backend;

/** An error at a line of a configuration. */
export function atLine(line: number, problem: string): InputError {
  return new InputError(`Line ${line}: ${problem}`);
}

/** The section wanted by name, or the only one there is. `kind` is what the format calls it: 'upstream'. */
export function chooseSection<T extends { readonly name: string }>(
  kind: string,
  sections: readonly T[],
  wanted?: string,
): T {
  const names = sections.map(({ name }) => name);
  if (sections.length === 0) throw new InputError(`The configuration has no ${kind}.`);
  if (wanted !== undefined) {
    const found = sections.find(({ name }) => name === wanted);
    if (!found) throw unknownName(kind, wanted, names);
    return found;
  }
  if (sections.length > 1) {
    throw new InputError(`The configuration has ${sections.length} ${kind}s; name one with --backend: ${names.join(', ')}.`); // prettier-ignore
  }
  return sections[0];
}

/** The weight that a configuration's text stands for. */
export function weightAt(line: number, text: string, least: number, most: number): number {
  const weight = /^\d+$/.test(text) ? Number(text) : NaN;
  if (weight >= least && weight <= most) return weight;
  throw atLine(line, `the weight is '${text}'; it must be an integer from ${least} to ${most}.`);
}
