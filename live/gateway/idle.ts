/** How long a connection to a replica may be kept for the next request. */
import type { Fields } from '../http/fields.ts';

/** Where the replica does not say; servers close idle connections after 5 s (Node) to 75 s (nginx). */
const UNKNOWN_MS = 4000;
const MOST_MS = 60_000;
/** The replica's clock began earlier than ours: a request must not cross its closing. */
const MARGIN_MS = 1000;

/** The time in ms that its `Keep-Alive: timeout=` leaves; 0 when it is not to be kept. */
export function idleMs(fields: Fields): number {
  const said = fields.get('keep-alive');
  const hint = said === undefined ? null : /(?:^|[,;\s])timeout=(\d{1,6})/i.exec(said);
  if (!hint) return UNKNOWN_MS;
  return Math.max(0, Math.min(MOST_MS, Number(hint[1]) * 1000 - MARGIN_MS));
}
