/** What a membership says of members: their order, whether two are one, and how many may be out. */
import type { Member } from '../types.ts';

/** How much of a fleet may be ejected. */
export interface EjectionLimits {
  /** Largest share of the replicas that may be ejected at once; one of two or more may always be. */
  readonly maxEjected: number;
  /** When a smaller share than this is left, the ejected ones take part again: they can hardly all be at fault. */
  readonly panic: number;
}

/** In the order in which all gateways look at them. */
export function byHandle(members: Iterable<Member>): Member[] {
  return [...members].sort((a, b) => a.handle - b.handle);
}

/** Whether two members are one replica at one address; its state may differ. */
export function same(a: Member, b: Member): boolean {
  return (
    a.name === b.name && a.id === b.id && a.weight === b.weight && a.host === b.host && a.port === b.port
  );
}
