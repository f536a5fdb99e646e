/** Where a result comes from: hashes of what was asked and of what came out, by which it can be found, checked and repeated. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Scenario } from './scenario.ts';

/** SHA-256 of the contents of files that a scenario names, by their path as it was typed. */
export type FileHashes = Readonly<Record<string, string>>;

/** What a result was made by. Neither time nor place nor Node's version, since the bytes depend on none of them. */
export interface Made {
  /** Of the lab, and of the libraries that its numbers depend on. */
  readonly versions: Readonly<Record<string, string>>;
  /** The commit, with `-dirty` behind it where tracked files differ, or `unknown` without git. */
  readonly commit: string;
}

/** Stands in every result that is written down. */
export interface Provenance extends Made {
  /** Of the scenario, its seed included, and of the files that it names. */
  readonly scenarioHash: string;
  /** Of all of the result but this block. */
  readonly resultHash: string;
  readonly files: FileHashes;
}

/** A scenario that could not be run to its end, and why: as final as a result, since the same happens every time. */
export interface Refusal {
  readonly engine: 'sim';
  readonly scenario: Scenario;
  readonly refusal: string;
}

/** JSON with the names of every object in order, so that equal values are equal texts. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
    const entries = Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries);
  });
}

/** SHA-256 of a text's UTF-8 bytes, in hexadecimal. */
export function sha256Hex(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/** The files among `files` that the scenario names, anywhere in its values. */
export function filesNamed(scenario: Scenario, files: FileHashes): FileHashes {
  const values = Object.values(scenario).map(String);
  return Object.fromEntries(
    Object.entries(files).filter(([path]) => values.some((value) => value.includes(path))),
  );
}

/** The name of a run: the same for the same scenario over the same files, wherever and whenever it is asked for. */
export function scenarioHash(scenario: Scenario, files: FileHashes = {}): string {
  return sha256Hex(canonical({ scenario, files: filesNamed(scenario, files) }));
}

/** The hash of a result's JSON, without its provenance; reading the JSON and writing it again keeps every byte. */
export function resultHash(result: object): string {
  return sha256Hex(JSON.stringify({ ...result, provenance: undefined }));
}

/** The result with its provenance behind it. */
export function stamped<R extends { readonly scenario: Scenario }>(
  result: R,
  made: Made,
  files: FileHashes = {},
): R & { readonly provenance: Provenance } {
  const { scenario } = result;
  const provenance: Provenance = {
    scenarioHash: scenarioHash(scenario, files),
    resultHash: resultHash(result),
    ...made,
    files: filesNamed(scenario, files),
  };
  return { ...result, provenance };
}
