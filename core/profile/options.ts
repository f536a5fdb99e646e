/** A profile's knobs from text: each by name, of the kind of its default, and among its choices. */
import { InputError, unknownName } from '../input-error.ts';
import type { ProfileEntry, ProfileOptions } from './types.ts';

/** The options that the pairs set. @throws InputError for an unknown name or an illegal value. */
export function optionsOf(
  entry: ProfileEntry,
  pairs: readonly (readonly [string, string])[],
): ProfileOptions {
  const names = Object.keys(entry.options);
  return Object.fromEntries(
    pairs.map(([name, text]) => {
      if (names.length === 0) throw new InputError(`The profile ${entry.name} has no options, so '${name}' means nothing to it.`); // prettier-ignore
      if (!names.includes(name)) throw unknownName(`option of ${entry.name}`, name, names);
      return [name, valueOf(entry, name, text)];
    }),
  );
}

function valueOf({ options, choices }: ProfileEntry, name: string, text: string): string | number | boolean {
  const initial = options[name];
  if (typeof initial === 'number') return numberOf(name, text);
  if (typeof initial === 'boolean') return booleanOf(name, text);
  const legal = choices?.[name];
  if (legal && !legal.includes(text)) throw unknownName(`value of ${name}`, text, legal);
  return text;
}

function numberOf(name: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InputError(`The option ${name} is '${text}', which must be an integer from 0.`);
}

function booleanOf(name: string, text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new InputError(`The option ${name} is '${text}', which must be true or false.`);
}
