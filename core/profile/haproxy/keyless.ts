/** HAProxy's methods that ask for no key: who is next, and what can be said of it. */
import { NOBODY } from '../types.ts';
import type { Scheme, ServerLine } from '../types.ts';

/** A scheme of a pick and of a look at the next one; `note` says what decides. */
export function keyless(
  servers: readonly ServerLine[],
  { pick, locate }: { readonly pick: () => number; readonly locate: () => number },
  note: string,
  events: Pick<Scheme, 'started' | 'finished' | 'setDown' | 'setWeight'>,
): Scheme {
  const name = (server: number): string | null => (server === NOBODY ? null : servers[server].name);
  return {
    servers,
    pick,
    locate,
    fallbacks: () => [locate()].filter((server) => server !== NOBODY),
    explain: () => ({ hash: null, unit: 'turn', steps: [], owner: name(locate()), next: [], notes: [note] }),
    ...events,
  };
}
