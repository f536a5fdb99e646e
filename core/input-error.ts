/** The one error that a user can cause: a sentence with the value, the legal values and the nearest match. */
import { distance } from 'fastest-levenshtein';

/** Bad input, found at an edge. The command line prints its message alone and exits with 2. */
export class InputError extends Error {
  override name = 'InputError';
}

/** The name among `legal` that is the fewest edits from `value`, whole or by its beginning. */
export function nearest(value: string, legal: readonly string[]): string {
  const typed = bare(value);
  const edits = (name: string): number =>
    Math.min(distance(typed, bare(name)), distance(typed, bare(name).slice(0, typed.length)) + 0.5);
  const [best] = [...legal].sort((a, b) => edits(a) - edits(b));
  return withoutParameters(best);
}

const bare = (name: string): string => withoutParameters(name).toLowerCase();

const withoutParameters = (name: string): string => name.replace(/\(.*$/, '');

/** An error for a name that is not in a list: names it, the nearest that is, and all of them. */
export function unknownName(what: string, value: string, legal: readonly string[]): InputError {
  const near = nearest(value, legal);
  return new InputError(
    `There is no ${what} '${value}'; the nearest is '${near}', and all of them are ${legal.join(', ')}.`,
  );
}
