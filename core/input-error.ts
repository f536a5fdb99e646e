/** The one error that a user can cause: a sentence with the value, the legal values and the nearest match. */
import { distance } from 'fastest-levenshtein';

/** Bad input, found at an edge. The command line prints its message alone and exits with 2. */
export class InputError extends Error {
  override name = 'InputError';
}

/** The name among `legal` closest to `value`, or undefined when none is near enough to be a slip of the hand. */
export function nearest(value: string, legal: readonly string[]): string | undefined {
  const edits = (name: string): number => distance(bare(value), bare(name));
  const [best] = [...legal].sort((a, b) => edits(a) - edits(b));
  return legal.length > 0 && edits(best) <= Math.max(2, value.length / 3) ? best : undefined;
}

/** A name without its parameters, in lower case. */
function bare(name: string): string {
  return name.toLowerCase().replace(/\(.*$/, '');
}

/** An error for a name that is not in a list: names it, the legal ones, and the nearest. */
export function unknownName(what: string, value: string, legal: readonly string[]): InputError {
  const near = nearest(value, legal);
  const hint = near === undefined ? '' : ` Did you mean '${near}'?`;
  return new InputError(`There is no ${what} '${value}': it is one of ${legal.join(', ')}.${hint}`);
}
