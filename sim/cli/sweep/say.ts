/** What a sweep says on stderr. */
import type { Held } from './collect.ts';
import type { Trouble } from './local.ts';
import type { Row } from './row.ts';

/** Reasons that are spelled out; more would hide the first. */
const MOST_REASONS = 5;

/** A line. */
export function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

/** What was found of a sweep that was begun before. */
export function sayHeld({ missing, corrupt, makers }: Held, runs: number): void {
  if (missing.length < runs) say(`${runs - missing.length} of ${runs} runs are stored already.`);
  for (const { hash } of corrupt)
    say(`The stored run ${hash.slice(0, 12)} is not what its hash says; it runs again.`);
  if (makers.size > 1)
    say(`They were made by ${[...makers].join(' and ')}; for one maker choose another --out.`);
}

/** Runs that gave no result, by reason. */
export function sayTroubles(troubles: readonly Trouble[]): void {
  const reasons = troubles.map(({ run, why }) => `The run ${run.hash.slice(0, 12)} (seed ${run.scenario.seed}) gave no result: ${why}.`); // prettier-ignore
  sayFirst(reasons);
}

/** Scenarios that cannot be run, whose rows say so; gives their number. */
export function sayRefused(rows: readonly Row[]): number {
  const refused = rows.filter(({ refusal }) => refusal !== null);
  if (refused.length > 0) say(`${refused.length} of ${rows.length} scenarios cannot be run; their rows say why in the column 'refusal':`); // prettier-ignore
  sayFirst([...new Set(refused.map(({ refusal }) => String(refusal)))]);
  return refused.length;
}

function sayFirst(sentences: readonly string[]): void {
  for (const sentence of sentences.slice(0, MOST_REASONS)) say(sentence);
  if (sentences.length > MOST_REASONS) say(`And ${sentences.length - MOST_REASONS} more.`);
}
