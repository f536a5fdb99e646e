/** Which kinds of failure a scenario asks for: of those that never happened a run still tells how rare they must be. */
import type { Scenario } from '../core/scenario.ts';
import type { Failure } from './recorder.ts';

/** The kinds that its knobs bring in. A queue that could be full is no such wish: every lab has one. */
export function possible(s: Scenario): Failure[] {
  const dies = s.failAt !== '' || (s.mtbf !== 'none' && s.breakdown === 'lose');
  const kinds: Failure[] = dies ? ['lost', 'refused'] : [];
  if (s.patience !== 'none') kinds.push('abandoned');
  if (s.timeout > 0) kinds.push('timeout');
  return kinds;
}
