/** The knobs of HAProxy's hashing backends: `balance`, `hash-type`, `hash-balance-factor`, `option allbackups`. */
import type { ProfileOptions } from '../types.ts';

/** What a backend says of its keys and its hash. */
export interface HaproxyOptions {
  /** Where the key comes from. */
  readonly balance: string;
  readonly hash: string;
  readonly avalanche: boolean;
  /** `balance uri depth N`, 0 for all. */
  readonly depth: number;
  /** `balance uri len N`, 0 for all. */
  readonly len: number;
  readonly whole: boolean;
  readonly pathOnly: boolean;
  /** `balance hdr(name) use_domain_only`. */
  readonly domainOnly: boolean;
  /** Which of a header's values between commas `balance hash` takes; its text as it is for other fetches. */
  readonly value: string;
  /** The converters of `balance hash`, with commas between. */
  readonly converters: string;
  /** `hash-balance-factor`, 0 for off. */
  readonly factor: number;
  readonly allBackups: boolean;
}

export const HASHES = ['sdbm', 'djb2', 'wt6', 'crc32', 'none'];
export const VALUES = ['whole', 'first', 'last'];
export const BALANCES = ['url_param', 'hdr', 'uri', 'source', 'hash'];

/** What each stands at unless told; `hash-type consistent` alone means sdbm with avalanche. */
export const HASHING_OPTIONS: ProfileOptions = {
  balance: 'url_param',
  hash: 'sdbm',
  avalanche: false,
  depth: 0,
  len: 0,
  whole: false,
  pathOnly: false,
  domainOnly: false,
  value: 'whole',
  converters: '',
  factor: 0,
  allBackups: false,
};

/** The options given over the defaults. Avalanche is on for a bare `hash-type consistent`, as HAProxy has it. */
export function haproxyOptions(given: ProfileOptions, consistent: boolean): HaproxyOptions {
  const avalanche = consistent && given.hash === undefined;
  return { ...HASHING_OPTIONS, avalanche, ...given } as ProfileOptions & HaproxyOptions;
}
