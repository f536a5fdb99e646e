/** Hostnames of replicas: DNS labels that Docker takes as container names too, compared without regard to case. */
import { randomInt } from 'node:crypto';

/** One letter is a DNS label, but no container name; more than 63 are neither. */
const LABEL = /^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/i;
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';
/** Names that mean something else in the replicas' network. */
const RESERVED = ['localhost', 'supervisor', 'gateway', 'evenly-guard'];

/** What is wrong with a hostname, or null. */
export function complaint(name: string): string | null {
  const shown = name.length > 80 ? `${name.slice(0, 77)}…` : name;
  if (RESERVED.includes(keyOf(name))) return `hostname '${shown}' is reserved`;
  if (LABEL.test(name)) return null;
  return `hostname '${shown}' is not valid: 2 to 63 letters, digits and hyphens, no hyphen at either end`;
}

/** DNS does not tell S1 from s1, so the fleet does not either. */
export function keyOf(name: string): string {
  return name.toLowerCase();
}

/** A fresh random hostname (LAB 3.2); 32^8 of them. */
export function randomName(): string {
  return `r-${Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)]).join('')}`;
}
