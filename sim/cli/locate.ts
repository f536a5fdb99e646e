/** `lab locate`: the server of every key as a real balancer would choose it, a line a key, for machines. */
import { once } from 'node:events';
import { Command } from 'commander';
import { InputError } from '../../core/input-error.ts';
import { pickAlone } from '../../core/profile/fallbacks.ts';
import { NOBODY } from '../../core/profile/types.ts';
import type { Scheme } from '../../core/profile/types.ts';
import { keyLines } from './key-lines.ts';
import { addSource, backendOf, schemeOf } from './source.ts';
import type { SourceFlags } from './source.ts';

const MORE = `
Keys are bytes, a line each: what the balancer hashes, that is the value of nginx's hash expression or of HAProxy's
parameter or header, the URI for 'balance uri', the client's address for ip_hash and 'balance source'. Each is a
request after the one before, with none in flight, to a balancer that has just started.`;

/** The command. */
export function locateCommand(): Command {
  const command = new Command('locate')
    .requiredOption('--keys <file>', 'a file of keys, a line each; - is standard input')
    .addHelpText('after', MORE);
  return addSource(command).action(async ({ keys, ...flags }: SourceFlags & { keys: string }) => {
    const scheme = schemeOf(backendOf(flags));
    const held: string[] = [];
    for await (const piece of keyLines(keys)) {
      const lines = ownersOf(scheme, piece);
      if (scheme.picky) held.push(lines);
      else await write(lines);
    }
    for (const lines of held) await write(lines);
  });
}

function ownersOf(scheme: Scheme, keys: readonly Uint8Array[]): string {
  let lines = '';
  for (const key of keys) {
    const server = pickAlone(scheme, key);
    if (server === NOBODY)
      throw new InputError('No server is up to take a key: all are down, or weigh nothing.');
    lines += `${scheme.servers[server].name}\n`;
  }
  return lines;
}

/** Writes no faster than the reader takes it, so that memory stays small. */
async function write(lines: string): Promise<void> {
  if (lines !== '' && !process.stdout.write(lines)) await once(process.stdout, 'drain');
}
