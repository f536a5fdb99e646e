/** One sweep from the first look at its folder to its result files, here or over a queue. */
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { made } from '../made.ts';
import { openHolder, tidy } from './claim.ts';
import { heldIn } from './collect.ts';
import { exportRows } from './export.ts';
import { holds, tell } from './folder.ts';
import { runHere } from './local.ts';
import { mergeInto, planIn } from './merge.ts';
import type { Plan, Run } from './plan.ts';
import { say, sayHeld, sayRefused, sayTroubles } from './say.ts';

const INCOMPLETE = 1;
const REFUSED = 2;

/** What to sweep, and how. */
export interface Order {
  readonly plan: Plan;
  /** The runs of the plan that this process is to see to. */
  readonly mine: readonly Run[];
  readonly jobs: number;
  readonly out: string | undefined;
  /** A queue's URL; without one, the runs are made here. */
  readonly queue: string | undefined;
  /** Silence after which a run on the queue counts as lost. */
  readonly leaseMs: number;
}

/** The folder, and this process's name for its unfinished files in it. */
interface Place {
  readonly folder: string;
  readonly writer: string;
}

/** Runs what is missing of an order; gives the exit code. */
export async function runSweep(order: Order): Promise<number> {
  const redis = order.queue === undefined ? undefined : await reach(order.queue); // before there is a folder
  try {
    return await inFolder(order.out, order.plan, order.mine.length === order.plan.runs.length, (setting) =>
      make(order, setting, redis),
    );
  } finally {
    redis?.disconnect();
  }
}

async function reach(url: string): Promise<Redis> {
  const { connect } = await import('./queue/redis.ts');
  return connect(url);
}

async function make({ plan, mine, ...order }: Order, at: Place, redis: Redis | undefined): Promise<boolean> {
  const held = heldIn(at.folder, mine);
  sayHeld(held, mine.length);
  if (held.missing.length === 0) return true;
  const begun = performance.now();
  const { ran, troubles } = redis
    ? await (await import('./queue/coordinator.ts')).runOver(redis, held.missing, { ...order, ...at, made: made(), sweep: plan.sweep }) // prettier-ignore
    : await runHere(held.missing, { ...order, ...at, made: made() });
  say(`${ran} of ${mine.length} runs were made in ${((performance.now() - begun) / 1000).toFixed(1)} s.`);
  sayTroubles(troubles);
  return troubles.length === 0;
}

/** Brings folders together; gives the exit code. */
export async function mergeFolders(folders: readonly string[], out: string | undefined): Promise<number> {
  const plan = await planIn(folders);
  return inFolder(out, plan, true, ({ folder, writer }) => {
    mergeInto(folder, plan, folders, writer);
    return Promise.resolve(true);
  });
}

/**
 * Opens the folder, lets work be done in it, writes the result files if every run of the sweep is there then.
 * @param whole whether the work was to leave nothing missing
 */
async function inFolder(
  out: string | undefined,
  plan: Plan,
  whole: boolean,
  work: (at: Place) => Promise<boolean>,
): Promise<number> {
  const folder = out ?? join('reports', 'sweeps', plan.sweep.slice(0, 12));
  const told = holds(folder, plan);
  const me = openHolder(folder);
  process.once('exit', me.close); // where a signal ends it
  try {
    if (!told) tell(folder, plan, me.id);
    const good = await work({ folder, writer: me.id });
    const held = heldIn(folder, plan.runs);
    const lacking = new Set(held.missing.map(({ hash }) => hash));
    tidy(folder, (hash) => !lacking.has(hash));
    if (held.missing.length > 0) {
      say(`${held.rows.length} of the sweep's ${plan.runs.length} runs are in '${folder}'; ${held.missing.length} are missing.`); // prettier-ignore
      return good && !whole ? 0 : INCOMPLETE;
    }
    process.stdout.write(`${(await exportRows(folder, held.rows, me.id)).join('\n')}\n`);
    return sayRefused(held.rows) > 0 ? REFUSED : 0;
  } finally {
    process.off('exit', me.close);
    me.close();
  }
}
