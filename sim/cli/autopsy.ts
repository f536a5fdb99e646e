/** `lab autopsy`: why a load is uneven, for any placement, profile or configuration and any keys, and what would fix each cause. */
import { Command, Option } from 'commander';
import { keyOfText } from '../../core/hash/integer.ts';
import { InputError } from '../../core/input-error.ts';
import { stream } from '../../core/random/stream.ts';
import { fleetOf, populatedPlacement, workloadOf } from '../../core/resolve.ts';
import type { Scenario } from '../../core/scenario.ts';
import { autopsy, remedies } from '../../core/stats/autopsy.ts';
import type { Autopsy } from '../../core/stats/autopsy.ts';
import type { Tables } from '../../core/tables.ts';
import type { Key } from '../../core/types.ts';
import { scenariosOf } from '../sweep.ts';
import { autopsyOfScheme, keyedScheme } from './autopsy-profile.ts';
import { addKnobs, gridOf } from './flags.ts';
import type { Given } from './flags.ts';
import { keyLines } from './key-lines.ts';
import { addSource, namesSource } from './source.ts';
import type { SourceFlags } from './source.ts';
import { colours, columns, count, percent } from './terminal.ts';

/** The command. */
export function autopsyCommand(): Command {
  const command = new Command('autopsy')
    .option('--key-file <file>', 'the key of each request, a line each; - for standard input')
    .option('--json', 'print JSON')
    .addOption(new Option('--weights <value>', 'weights dealt to the replicas in turn (default: 1)'))
    .addOption(new Option('--seed <value>', 'seed of the keys that are drawn without a file (default: 42)'));
  return addSource(addKnobs(command, ['placement', 'workload'])).action(
    async (options: Given & SourceFlags & { json?: true; keyFile?: string }) => {
      const found = namesSource(options) ? await ofSource(options) : await ofPlacement(options);
      const out = options.json
        ? JSON.stringify({ ...found, remedies: remedies(found) }, null, 2)
        : inWords(found);
      process.stdout.write(`${out}\n`);
    },
  );
}

type Flags = Given & { readonly json?: true; readonly keyFile?: string };

async function single(flags: Flags): Promise<{ scenario: Scenario; tables: Tables }> {
  const { grid, tables } = await gridOf(flags);
  const [scenario, ...others] = scenariosOf(grid, tables);
  if (others.length > 0) throw new InputError('autopsy looks at one placement: give every flag one value.');
  return { scenario, tables };
}

async function ofPlacement(flags: Flags): Promise<Autopsy> {
  const { scenario, tables } = await single(flags);
  const requests = flags.keyFile === undefined ? drawn(scenario, tables) : await read(flags.keyFile, keyOfBytes); // prettier-ignore
  return autopsy(populatedPlacement(scenario, tables), fleetOf(scenario), requests);
}

/** A real balancer's, which hashes bytes. */
async function ofSource(flags: Flags & SourceFlags): Promise<Autopsy> {
  const scheme = keyedScheme(flags);
  if (flags.keyFile !== undefined)
    return autopsyOfScheme(scheme, await read(flags.keyFile, (line) => Buffer.from(line).toString('latin1')));
  if (scheme.picky) throw new InputError('This scheme hashes addresses; give some, a line each, with --key-file.'); // prettier-ignore
  const { scenario, tables } = await single(flags);
  return autopsyOfScheme(scheme, new Map([...drawn(scenario, tables)].map(([key, n]) => [String(key), n])));
}

/** The requests that `lab sim` would send. */
function drawn(scenario: Scenario, tables: Tables): Map<Key, number> {
  const { key } = workloadOf(scenario, tables);
  const random = stream(scenario.seed, 'keys');
  const requests = new Map<Key, number>();
  for (let i = 0; i < scenario.requests; i++) add(requests, key(random));
  return requests;
}

async function read<K extends Key>(path: string, keyOf: (line: Uint8Array) => K): Promise<Map<K, number>> {
  const requests = new Map<K, number>();
  for await (const lines of keyLines(path)) for (const line of lines) add(requests, keyOf(line));
  return requests;
}

const decoder = new TextDecoder();
const keyOfBytes = (line: Uint8Array): Key => keyOfText(decoder.decode(line));

function add<K extends Key>(requests: Map<K, number>, key: K): void {
  requests.set(key, (requests.get(key) ?? 0) + 1);
}

function inWords(found: Autopsy): string {
  const title = colours.bold(`${count(found.requests)} requests for ${count(found.keys)} keys`);
  const signed = (share: number): string => `${share < 0 ? '-' : '+'}${percent(Math.abs(share))}`;
  const head = ['replica', 'due', 'placement', 'hash', 'popularity', 'load', ''];
  const rows = found.parts.map((part) => [
    part.replica,
    percent(part.due),
    ...[part.placement, part.hash, part.popularity].map(signed),
    percent(part.load),
    '',
  ]);
  const { placement, hash, popularity, total, luck } = found;
  const whole = ['variation', '', percent(placement), percent(hash), percent(popularity), percent(total), ''];
  const table = columns(head, [...rows, whole], 1);
  return [title, '', table, '', `luck of so many keys: ${percent(luck)}`, '', ...remedies(found)].join('\n');
}
