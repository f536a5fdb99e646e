/** What a notebook runs experiments with: an engine, and the rings behind it. */
import { isSlotRing } from '../core/placement/slot-ring.ts';
import type { SlotRing } from '../core/placement/slot-ring.ts';
import { populatedPlacement } from '../core/resolve.ts';
import type { Result } from '../core/result.ts';
import { scenario } from '../core/scenario.ts';
import type { Scenario } from '../core/scenario.ts';
import { simulate } from '../sim/run.ts';
import { notebook } from './story.ts';
import type { Notebook, NotebookMeta, Story } from './story.ts';

/** The engine that the notebooks of one report share. */
export interface Lab {
  readonly seed: number;
  /** Runs the lab's defaults with what differs. */
  run(given?: Partial<Scenario>): Result;
  /** The slot ring of the lab's defaults with what differs, its replicas on it (handles 0 to N - 1). */
  ring(given?: Partial<Scenario>): SlotRing;
}

/** A lab on the simulator. */
export function simulated(seed: number): Lab {
  return {
    seed,
    run: (given = {}) => simulate(scenario({ seed, ...given })),
    ring: (given = {}) => ringOf(scenario({ seed, ...given })),
  };
}

function ringOf(s: Scenario): SlotRing {
  const placement = populatedPlacement(s);
  if (isSlotRing(placement)) return placement;
  throw new Error(`${s.placement} is no slot ring`);
}

/** A notebook whose runs end up in its `run.json`. */
export function experiment(
  meta: NotebookMeta,
  tell: (story: Story, lab: Lab) => void | Promise<void>,
): Notebook<Lab> {
  return notebook<Lab>(meta, async (story, lab) => {
    const scenarios: Scenario[] = [];
    const recording: Lab = {
      ...lab,
      run(given) {
        const result = lab.run(given);
        scenarios.push(result.scenario);
        return result;
      },
    };
    await tell(story, recording);
    story.record('scenarios', scenarios);
  });
}
