/** Vectors recorded from real programs, and the keys that they were recorded with. */
import { readFileSync } from 'node:fs';
import { utf8 } from '../../../core/profile/bytes-hash.ts';
import { serverLine } from '../../../core/profile/servers.ts';
import type { Scheme, ServerLine } from '../../../core/profile/types.ts';

/** A file of test/golden, which says where it comes from. */
export function golden(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../golden/${name}.json`, import.meta.url), 'utf8'));
}

interface Keys {
  readonly ids: readonly string[];
  readonly paths: readonly string[];
  readonly random: readonly string[];
  readonly utf8: readonly string[];
}

export const keys = golden('keys') as Keys;
/** What most cases were recorded with. */
export const allKeys = [...keys.ids, ...keys.paths, ...keys.random];

/** A server as the recordings write it. */
export interface Recorded {
  readonly name?: string;
  readonly addr?: string;
  readonly weight?: number;
  readonly id?: number;
  readonly down?: boolean;
}

/** The recorded server as a line of a configuration. */
export function lineOf({ name, addr, ...rest }: Recorded): ServerLine {
  return serverLine(name ?? addr ?? '', { address: addr ?? name ?? '', ...rest });
}

/** Where the scheme sends each key, by index. */
export function answers(scheme: Scheme, texts: readonly string[]): number[] {
  return texts.map((text) => scheme.locate(utf8(text)));
}
