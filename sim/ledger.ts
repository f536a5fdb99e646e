/** The ledger that a scenario asks for. */
import { capacity } from '../core/load.ts';
import type { Scenario } from '../core/scenario.ts';
import { Ledger } from '../core/stats/ledger.ts';
import type { Tables } from '../core/tables.ts';
import { meansOfBacklog } from './controls.ts';

/** Empty, for one run. */
export function ledgerOf(s: Scenario, tables: Tables): Ledger {
  const whole = s.runs > 1 && s.warmup === 'none';
  const isBacklogKnown = meansOfBacklog(s, tables).length > 0;
  return new Ledger(s.requests, whole, isBacklogKnown ? capacity(s) : undefined);
}
