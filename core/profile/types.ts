/** What a profile is: the choice that a real balancer makes, as an object that one can ask, change and drive. */
import type { Abilities, Entry } from '../types.ts';

/** A server as a configuration names it. */
export interface ServerLine {
  /** As the configuration gives it: the address for nginx and Envoy, the server's name for HAProxy. */
  readonly name: string;
  /** Where it listens, as written: `10.0.0.1:80`, `[::1]:80`, `unix:/run/app.sock`, a host name. */
  readonly address: string;
  readonly weight: number;
  /** Takes requests only when no other server can. */
  readonly backup: boolean;
  readonly down: boolean;
  /** HAProxy's server id; without one it counts from 1, over those taken. */
  readonly id?: number;
  /** What HAProxy 3.0 and later hash a server's points from. */
  readonly hashKey?: HashKey;
  /** HAProxy's globally unique id, which `hash-key guid` hashes. */
  readonly guid?: string;
  /** Envoy: what is hashed in place of the address (endpoint metadata `hash_key`, or the host's name). */
  readonly hashText?: string;
  /** Envoy: the locality, where localities are weighted. */
  readonly locality?: { readonly name: string; readonly weight: number };
}

export type HashKey = 'id' | 'id32' | 'addr' | 'addr-port' | 'guid';

/** The knobs of a profile by name, as a configuration would set them: `{ hash: 'sdbm', avalanche: true }`. */
export type ProfileOptions = Readonly<Record<string, string | number | boolean | undefined>>;

/** A point, a slot or an entry that was looked at on the way to the owner. */
export interface Step {
  /** The point's value or the slot's index; decimal digits where a number would round it. */
  readonly position: number | string;
  readonly server: string;
  /** Why the server was passed over: 'down', 'full', 'tried'. Absent for the owner. */
  readonly passed?: string;
}

/** Why a key goes where it goes. */
export interface Choice {
  /** The key's hash, or null where none is taken. */
  readonly hash: number | string | null;
  /** What `position` of a step is: 'point', 'slot', 'turn'. */
  readonly unit: string;
  readonly steps: readonly Step[];
  readonly owner: string | null;
  /** The servers that would be tried next, in order. */
  readonly next: readonly string[];
  /** What else decided, as a sentence: a single server, an empty key, a fall back to round robin. */
  readonly notes: readonly string[];
}

/** The index that means "no server". */
export const NOBODY = -1;

/** One balancer's choice over a list of servers. Keys are bytes; servers are indexes into `servers`. */
export interface Scheme {
  readonly servers: readonly ServerLine[];
  /** Present where some bytes are no key to it (an address is wanted): it throws InputError for those. */
  readonly picky?: boolean;
  /** The server of the next request with this key. Advances whatever turns the scheme keeps; NOBODY if none is up. */
  pick(key: Uint8Array): number;
  /** The server that the key has by membership alone, turns and load left as they are. */
  locate(key: Uint8Array): number;
  /** The servers that a request would try in order, the owner first, each at most once. */
  fallbacks(key: Uint8Array, n: number): number[];
  explain(key: Uint8Array): Choice;
  /** A request to the server began, or ended: for schemes that see load. */
  started(server: number): void;
  finished(server: number): void;
  setDown(server: number, down: boolean): void;
  /** @throws InputError when the real program could not. */
  setWeight(server: number, weight: number): void;
}

/** What a profile can do; asking for more is an error that says so. */
export interface ProfileAbilities extends Abilities {
  /** False where the choice does not depend on the key. */
  readonly keys: boolean;
  /** Whether requests in flight, or the turns before, change the choice. */
  readonly state: 'none' | 'turns' | 'load';
  /** Whether weights may change while it runs. */
  readonly reweights: boolean;
}

/** Builds the scheme. @throws InputError for servers or options that the real program would refuse. */
export type Profile = (servers: readonly ServerLine[], options?: ProfileOptions) => Scheme;

/** A line of the table of profiles. */
export interface ProfileEntry extends Entry<Profile> {
  readonly can: ProfileAbilities;
  /** The options that it takes: name, and what it stands at unless told. */
  readonly options: ProfileOptions;
  /** Options that are names: what they may be. */
  readonly choices?: Readonly<Record<string, readonly string[]>>;
}
