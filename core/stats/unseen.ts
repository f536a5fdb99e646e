/** The interval of a share that was 0, or 1, in all that was seen: exact for so many independent trials (Clopper, Pearson 1934). */
import type { Estimate } from './estimate.ts';

/**
 * The same estimate, or where nothing varied one that reaches as far as the truth may lie: a share u of 0 is still seen in
 * n trials with the probability (1 - u)ⁿ, half of what intervals may miss. About 3.7 / n at 95% ("rule of three").
 * @param trials what was seen of it independently; requests of one crowd fare alike and are one
 */
export function unseen(estimate: Estimate, trials: number, confidence: number): Estimate {
  const { value, low, high } = estimate;
  if (low !== high || (value !== 0 && value !== 1)) return estimate;
  const most = 1 - Math.exp(Math.log((1 - confidence) / 2) / Math.max(1, trials));
  return value === 0 ? { ...estimate, high: most } : { ...estimate, low: 1 - most };
}
