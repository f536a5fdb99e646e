/** `lab preview`: before anybody edits a balancer, which keys would move, and which servers would gain or lose. */
import { Command, Option } from 'commander';
import type { Backend } from '../../core/config/types.ts';
import { InputError } from '../../core/input-error.ts';
import { utf8 } from '../../core/profile/bytes-hash.ts';
import { optionsOf } from '../../core/profile/options.ts';
import { comparison } from '../../core/profile/preview.ts';
import type { Comparison, Move, Preview } from '../../core/profile/preview.ts';
import { indexesOf } from '../../core/profile/servers.ts';
import type { ServerLine } from '../../core/profile/types.ts';
import { tables } from '../../core/tables.ts';
import { keyLines } from './key-lines.ts';
import { addSource, backendOf, pairOf, schemeOf, serversOf, weightOf } from './source.ts';
import type { SourceFlags } from './source.ts';
import { columns, count, percent } from './terminal.ts';

const GENERATED = 100_000;
const MOST_GENERATED = 100_000_000;

interface Changes {
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
  readonly weight?: readonly string[];
  readonly disable?: readonly string[];
  readonly enable?: readonly string[];
  readonly toProfile?: string;
  readonly toOption?: readonly string[];
}

type Flags = SourceFlags & Changes & { keys?: string; generate?: string; json?: true; moves?: true };

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];
const list = (flag: string, help: string): Option =>
  new Option(flag, `${help}; may be repeated`).argParser(collect);

/** The command. */
export function previewCommand(): Command {
  const command = new Command('preview')
    .option('--keys <file>', 'a file of keys, a line each; - is standard input')
    .option(
      '--generate <n>',
      `so many keys instead: 1, 2, 3 …, or addresses where those are hashed (default: ${GENERATED})`,
    )
    .addOption(list('--add <server>', 'NAME[@ADDRESS][=WEIGHT] to add at the end'))
    .addOption(list('--remove <name>', 'a server to remove'))
    .addOption(list('--weight <name=w>', 'a new weight'))
    .addOption(list('--disable <name>', 'a server to mark down'))
    .addOption(list('--enable <name>', 'a server to mark up'))
    .option('--to-profile <name>', 'another scheme over the same servers')
    .addOption(list('--to-option <name=value>', 'a knob of the scheme afterwards'))
    .option('--moves', 'list the keys that move, with tabs between: key, from, to, necessary or collateral')
    .option('--json', 'print JSON');
  return addSource(command).action(async (flags: Flags) => {
    const before = backendOf(flags);
    const after = changed(before, flags);
    const compared = comparison(schemeOf(before), schemeOf(after));
    const moves = await compare(compared, flags);
    if (flags.moves) process.stdout.write(moves.join(''));
    else if (flags.json) process.stdout.write(`${JSON.stringify(compared.result(), null, 2)}\n`);
    else process.stdout.write(`${inWords(compared.result())}${keylessNote(before, after)}\n`);
  });
}

/** The backend as it would be. */
function changed(before: Backend, flags: Changes): Backend {
  const { add = [], remove = [], weight = [], disable = [], enable = [], toProfile, toOption } = flags;
  const any = [add, remove, weight, disable, enable, toOption ?? []].some((given) => given.length > 0);
  if (!any && toProfile === undefined)
    throw new InputError(
      'Say what changes: --add, --remove, --weight, --disable, --enable, --to-profile or --to-option.',
    );
  let servers: readonly ServerLine[] = before.servers;
  const change = (name: string, to: Partial<ServerLine>): void => {
    const places = indexesOf(servers, name);
    servers = servers.map((server, i) => (places.includes(i) ? { ...server, ...to } : server));
  };
  for (const [name, text] of weight.map(pairOf)) change(name, { weight: weightOf(name, text) });
  for (const name of disable) change(name, { down: true });
  for (const name of enable) change(name, { down: false });
  for (const name of remove) {
    const places = indexesOf(servers, name);
    servers = servers.filter((_, i) => !places.includes(i));
  }
  servers = [...servers, ...add.flatMap(serversOf)];
  const profile = toProfile ?? before.profile;
  const { entry } = tables.profiles.choose(profile);
  const options = {
    ...(toProfile === undefined ? before.options : {}),
    ...optionsOf(entry, (toOption ?? []).map(pairOf)),
  };
  return { ...before, profile, options, servers };
}

/** Feeds every key to the comparison; keeps the moves as lines where they are asked for. */
async function compare(compared: Comparison, { keys, generate, moves }: Flags): Promise<string[]> {
  if (keys !== undefined && generate !== undefined)
    throw new InputError('--keys and --generate cannot go together.');
  const lines: string[] = [];
  const take = (key: Uint8Array): void => {
    const move = compared.take(key);
    if (moves && move) lines.push(lineOf(move));
  };
  if (keys === undefined)
    for (let i = 1; i <= numberOf(generate); i++) take(utf8(compared.picky ? addressOf(i) : String(i)));
  else for await (const piece of keyLines(keys)) for (const key of piece) take(key);
  return lines;
}

/** The i-th of four thousand million addresses, spread over all networks (Knuth's multiplicative hash). */
function addressOf(i: number): string {
  const bits = Math.imul(i, 2_654_435_761);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 0xff).join('.');
}

function numberOf(text: string | undefined): number {
  const n = text === undefined ? GENERATED : /^\d+$/.test(text) ? Number(text) : NaN;
  if (n >= 1 && n <= MOST_GENERATED) return n;
  throw new InputError(`--generate is '${text ?? ''}'; it must be an integer from 1 to ${MOST_GENERATED}.`);
}

function lineOf({ key, from, to, necessary }: Move): string {
  return `${Buffer.from(key).toString('utf8')}\t${from ?? '-'}\t${to ?? '-'}\t${necessary ? 'necessary' : 'collateral'}\n`;
}

/** Where turns or load decide, a key that moves says nothing: only the loads do. */
function keylessNote(...backends: readonly Backend[]): string {
  const names = new Set(backends.map(({ profile }) => profile));
  const keyless = [...names].filter((name) => !tables.profiles.choose(name).entry.can.keys);
  return keyless.length === 0
    ? ''
    : `\n\n${keyless.join(' and ')} looks at no key: read the loads, not the moves.`;
}

function inWords({ keys, necessary, collateral, servers }: Preview): string {
  const share = (n: number): string => `${count(n)} (${percent(n / keys)})`;
  const rows = servers.map(({ name, before, after }) => {
    const change = before === 0 ? (after === 0 ? '0.0%' : 'new') : percent((after - before) / before);
    return [name, count(before), count(after), count(after - before), change, ''];
  });
  const table = columns(['server', 'before', 'after', 'gained', 'change', ''], rows, 1);
  return `${share(necessary + collateral)} of ${count(keys)} keys move: ${share(necessary)} of need, ${share(collateral)} beside it.\n\n${table}`;
}
