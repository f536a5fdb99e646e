/** `lab explain`: why a key is where it is, and the ring itself, in words or as JSON. */
import { Command } from 'commander';
import { keyOfText } from '../../core/hash/integer.ts';
import { InputError } from '../../core/input-error.ts';
import { fleetOf, populatedPlacement } from '../../core/resolve.ts';
import { isSlotRing } from '../../core/placement/slot-ring.ts';
import type { Scenario } from '../../core/scenario.ts';
import type { Tables } from '../../core/tables.ts';
import type { Explanation, Placement } from '../../core/types.ts';
import { scenariosOf } from '../sweep.ts';
import { explainProfile } from './explain-profile.ts';
import { addKnobs, gridOf } from './flags.ts';
import type { Given } from './flags.ts';
import { addSource, namesSource } from './source.ts';
import type { SourceFlags } from './source.ts';
import { columns } from './terminal.ts';

/** A virtual server and the slot that it got. */
interface VirtualServer {
  readonly replica: string;
  readonly id: number;
  readonly j: number;
  readonly slot: number;
}

/** The command. Keys that are decimal integers are integers. */
export function explainCommand(): Command {
  const command = new Command('explain')
    .argument('[keys...]', 'keys to place')
    .option('--ring', 'list the slot of every virtual server')
    .option('--json', 'print JSON');
  return addSource(addKnobs(command, ['placement'])).action(
    async (keys: string[], options: Given & SourceFlags & { json?: true; ring?: true }) => {
      if (namesSource(options)) {
        process.stdout.write(`${explainProfile(keys, options, options.json === true)}\n`);
        return;
      }
      const { json, ring, ...given } = options;
      const { scenario, tables } = await single(given);
      const placement = populatedPlacement(scenario, tables);
      if (keys.length === 0 && !ring)
        throw new InputError('Name a key to explain, or --ring for the virtual servers.');
      const explanations = keys.map((key) => placement.explain(keyOfText(key)));
      const virtual = ring ? virtualServers(scenario, placement) : undefined;
      const out = json
        ? JSON.stringify({ scenario, ring: virtual, keys: explanations }, null, 2)
        : inWords(explanations, virtual, scenario);
      process.stdout.write(`${out}\n`);
    },
  );
}

async function single(given: Given): Promise<{ scenario: Scenario; tables: Tables }> {
  const { grid, tables } = await gridOf(given);
  const [scenario, ...others] = scenariosOf(grid, tables);
  if (others.length > 0) throw new InputError('explain looks at one ring: give every flag one value.');
  return { scenario, tables };
}

function virtualServers(s: Scenario, placement: Placement): VirtualServer[] {
  if (!isSlotRing(placement))
    throw new InputError(`--ring lists virtual servers, and the placement ${s.placement} has none.`);
  return fleetOf(s).flatMap(({ handle, id, name }) =>
    placement.slotsOf(handle).map((slot, n) => ({ replica: name, id, j: s.vnodeFrom + n, slot })),
  );
}

function inWords(
  explanations: readonly Explanation[],
  virtual: readonly VirtualServer[] | undefined,
  s: Scenario,
): string {
  const rows = virtual?.map(({ replica, id, j, slot }) => [replica, String(id), String(j), String(slot), '']);
  const ring = rows ? [columns(['replica', 'id', 'j', 'slot', ''], rows, 1)] : [];
  return [...ring, ...explanations.map((explanation) => sentence(explanation, s))].join('\n');
}

function sentence({ key, hash, slot, walked, owner, next }: Explanation, s: Scenario): string {
  const empty = walked.length - 1;
  const passed =
    empty === 0
      ? 'which is taken'
      : `then ${empty} empty ${empty === 1 ? 'slot' : 'slots'} to ${walked[empty]}`;
  const way = s.placement === 'slot-ring' ? `, ${passed}` : '';
  const fallbacks = next.length === 0 ? 'nobody' : next.join(', ');
  return `${key}: ${s.requestHash} gives ${hash}, slot ${slot}${way}; owner ${owner ?? 'nobody'}, then ${fallbacks}.`;
}
