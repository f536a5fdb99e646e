/** Where a scheme comes from on the command line: a balancer's own configuration, or a profile and its servers. */
import { readFileSync } from 'node:fs';
import { Option } from 'commander';
import type { Command } from 'commander';
import * as readers from '../../core/config/index.ts';
import type { Backend, ConfigReader } from '../../core/config/types.ts';
import { InputError } from '../../core/input-error.ts';
import { indexesOf, serverLine } from '../../core/profile/servers.ts';
import { optionsOf } from '../../core/profile/options.ts';
import type { Scheme, ServerLine } from '../../core/profile/types.ts';
import { tables } from '../../core/tables.ts';

const FORMATS: Readonly<Record<string, ConfigReader>> = readers;

/** What commander hands over of these flags. */
export interface SourceFlags {
  readonly profile?: string;
  readonly servers?: string;
  readonly option?: readonly string[];
  readonly backend?: string;
  readonly down?: readonly string[];
  readonly [format: string]: unknown;
}

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

/** Adds the flags that name a scheme. */
export function addSource(command: Command): Command {
  for (const format of Object.keys(FORMATS))
    command.option(`--${format} <file>`, `${format}'s own configuration`);
  return command
    .option('--profile <name>', "a real balancer's scheme ('lab list profiles'), over --servers")
    .option('--servers <list>', 'NAME[@ADDRESS][=WEIGHT], with commas between')
    .addOption(
      new Option('--option <name=value>', 'a knob of the profile; may be repeated').argParser(collect),
    )
    .option('--backend <name>', 'the upstream, backend or cluster, where a file has several')
    .addOption(new Option('--down <name>', 'a server that is down; may be repeated').argParser(collect));
}

/** Whether any of the flags names a scheme. */
export function namesSource(flags: SourceFlags): boolean {
  return given(flags).length > 0 || flags.servers !== undefined;
}

function given(flags: SourceFlags): string[] {
  return ['profile', ...Object.keys(FORMATS)].filter((flag) => flags[flag] !== undefined);
}

/** The backend that the flags name, with the servers that --down names down. */
export function backendOf(flags: SourceFlags): Backend {
  const flagNames = ['profile', ...Object.keys(FORMATS)].map((flag) => `--${flag}`);
  const [from, ...more] = given(flags) as [string | undefined, ...string[]];
  if (from === undefined || more.length > 0) {
    const found = from === undefined ? 'none is here' : `here are ${[from, ...more].map((flag) => `--${flag}`).join(' and ')}`; // prettier-ignore
    throw new InputError(`Name one scheme by ${flagNames.join(', ')}; ${found}.`);
  }
  const backend = from === 'profile' ? ofProfile(flags) : ofConfig(from, flags);
  const downs = (flags.down ?? []).flatMap((name) => indexesOf(backend.servers, name));
  const servers = backend.servers.map((server, i) =>
    downs.includes(i) ? { ...server, down: true } : server,
  );
  return { ...backend, servers };
}

/** The scheme of a backend. */
export function schemeOf({ profile, options, servers }: Backend): Scheme {
  const { entry, args } = tables.profiles.choose(profile);
  return entry.make(args)(servers, options);
}

function ofConfig(format: string, flags: SourceFlags): Backend {
  const alien = ['servers', 'option'].find((flag) => flags[flag] !== undefined);
  if (alien)
    throw new InputError(`--${alien} goes with --profile; the file of --${format} says it all itself.`);
  const path = String(flags[format]);
  return FORMATS[format](readText(path), flags.backend);
}

function ofProfile({ profile = '', servers, option = [], backend }: SourceFlags): Backend {
  if (backend !== undefined) throw new InputError('--backend chooses within a configuration file, and --profile has none.'); // prettier-ignore
  if (servers === undefined)
    throw new InputError('--profile needs --servers, such as --servers a:80,b:80=2.');
  const { entry } = tables.profiles.choose(profile);
  return {
    name: profile,
    profile,
    options: optionsOf(entry, option.map(pairOf)),
    servers: serversOf(servers),
  };
}

/** `name=value` apart. */
export function pairOf(text: string): [string, string] {
  const at = text.lastIndexOf('=');
  if (at < 1) throw new InputError(`'${text}' must be NAME=VALUE.`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** The servers of a list such as `a@10.0.0.1:80=2,b`. */
export function serversOf(list: string): ServerLine[] {
  return list.split(',').map((part) => {
    const [, named = '', weight] = (/^(.*?)(?:=([^=]*))?$/s.exec(part.trim()) ?? []) as (
      string | undefined
    )[];
    const [, name, address] = /^([^@]*)@(.*)$/s.exec(named) ?? ['', named, named];
    if (name === '' || address === '')
      throw new InputError(`The list of servers '${list}' has an empty name in it.`);
    return serverLine(name, { address, ...(weight !== undefined && { weight: weightOf(name, weight) }) });
  });
}

/** A weight as a number; the profile decides which are legal. */
export function weightOf(name: string, text: string): number {
  const weight = text.trim() === '' ? NaN : Number(text);
  if (Number.isFinite(weight)) return weight;
  throw new InputError(`The server '${name}' has the weight '${text}', which is no number.`);
}

/** A text file, or what was asked for as one. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    if (reason === 'ENOENT') throw new InputError(`There is no file '${path}' to read a configuration from.`);
    if (reason === 'EISDIR')
      throw new InputError(`'${path}' is a folder, and a configuration is read from a file.`);
    throw new InputError(`The configuration '${path}' cannot be read: ${reason}.`);
  }
}
