/** Lists and ranges on the command line: `2..6`, `10..100:10`, `md5,poly(1,2,17)`; each value is a run of the sweep. */
import { InputError } from '../../core/input-error.ts';

/** More values than anybody means to type. */
const MOST_VALUES = 100_000;

/** The texts that a flag's text stands for. Commas inside brackets belong to a value. */
export function listOf(flag: string, text: string): string[] {
  const parts = text.split(/,(?![^()]*\))/).map((part) => part.trim());
  if (parts.length > 1 && parts.includes('')) {
    throw new InputError(`--${flag} is '${text}', which has an empty value between its commas.`);
  }
  return parts.flatMap((part) => rangeOf(flag, part));
}

function rangeOf(flag: string, part: string): string[] {
  const match = /^(-?\d*)\.\.(-?\d*)(?::(.*)|)$/.exec(part);
  if (!match) return [part];
  const [first, last, step] = [match[1], match[2], part.includes(':') ? match[3] : '1'].map(toInteger);
  if (!(first <= last) || !(step >= 1)) {
    throw new InputError(
      `--${flag} has the range '${part}'; write it upwards, as 2..6 or with a step 10..100:10.`,
    );
  }
  const values = Math.floor((last - first) / step) + 1;
  if (values > MOST_VALUES)
    throw new InputError(
      `--${flag} has the range '${part}' of ${values} values; ${MOST_VALUES} is the most.`,
    );
  return Array.from({ length: values }, (_, i) => String(first + i * step));
}

function toInteger(text: string): number {
  return /^-?\d+$/.test(text) ? Number(text) : NaN;
}
