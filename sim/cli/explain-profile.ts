/** `lab explain --profile … KEY`: how a real balancer comes to its choice, in words or as JSON. */
import { InputError } from '../../core/input-error.ts';
import { utf8 } from '../../core/profile/bytes-hash.ts';
import type { Choice } from '../../core/profile/types.ts';
import { backendOf, schemeOf } from './source.ts';
import type { SourceFlags } from './source.ts';

/** Steps beyond these are counted, not listed. */
const MOST_STEPS = 25;

/** What is printed for the keys. */
export function explainProfile(keys: readonly string[], flags: SourceFlags, json: boolean): string {
  if (keys.length === 0) throw new InputError('Name a key to explain.');
  const backend = backendOf(flags);
  const scheme = schemeOf(backend);
  const choices = keys.map((key) => ({ key, ...scheme.explain(utf8(key)) }));
  if (json) return JSON.stringify({ ...backend, keys: choices }, null, 2);
  return choices.map((choice) => inWords(choice.key, choice, backend.profile)).join('\n\n');
}

function inWords(key: string, { hash, unit, steps, owner, next, notes }: Choice, profile: string): string {
  const head =
    hash === null ? `${profile} takes no hash of '${key}'.` : `${profile} hashes '${key}' to ${hash}.`;
  const way = steps.slice(0, MOST_STEPS).map(({ position, server, passed }, i) => {
    const then = i === 0 ? 'It looks at' : 'Then';
    return `${then} ${unit} ${position}, of ${server}${passed ? `, which is ${passed}: passed over` : ''}.`;
  });
  const more = steps.length > MOST_STEPS ? [`And ${steps.length - MOST_STEPS} more.`] : [];
  const fallbacks = next.length === 0 ? 'nobody' : next.join(', ');
  return [head, ...way, ...more, ...notes.map((note) => `${note[0].toUpperCase()}${note.slice(1)}.`), `Owner: ${owner ?? 'nobody'}. Next: ${fallbacks}.`].join('\n'); // prettier-ignore
}
