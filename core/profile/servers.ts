/** What every profile checks of its servers, and how it makes a server line of a few words. */
import { InputError, unknownName } from '../input-error.ts';
import type { ServerLine } from './types.ts';

/** A server with everything but its name at its default; the address is the name unless told. */
export function serverLine(name: string, given: Partial<ServerLine> = {}): ServerLine {
  return { name, address: name, weight: 1, backup: false, down: false, ...given };
}

/** The weights that a real program takes. */
export interface WeightRange {
  readonly min: number;
  readonly max: number;
}

/**
 * @param twins whether the real program takes two servers of one name, as nginx does
 * @throws InputError when there is no server, two have one name, or a weight is out of range
 */
export function checkServers(
  program: string,
  servers: readonly ServerLine[],
  range: WeightRange,
  twins = false,
): void {
  if (servers.length === 0) throw new InputError(`${program} needs at least one server, and there is none.`);
  const names = new Set<string>();
  for (const { name, weight } of servers) {
    if (name === '') throw new InputError('A server needs a name, and one here is empty.');
    if (names.has(name) && !twins)
      throw new InputError(`Two servers are named '${name}'; each name must be its own.`);
    names.add(name);
    checkWeight(program, name, weight, range);
  }
}

/** @throws InputError when the real program would refuse the weight. */
export function checkWeight(program: string, name: string, weight: number, { min, max }: WeightRange): void {
  if (Number.isInteger(weight) && weight >= min && weight <= max) return;
  throw new InputError(
    `The server '${name}' has the weight ${weight}; ${program} takes an integer from ${min} to ${max}.`,
  );
}

/** The indexes of the servers of that name. @throws InputError when there is none. */
export function indexesOf(servers: readonly ServerLine[], name: string): number[] {
  const found = [...servers.keys()].filter((i) => servers[i].name === name);
  if (found.length > 0) return found;
  throw unknownName('server', name, [...new Set(servers.map((server) => server.name))]);
}
