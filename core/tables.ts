/** The tables of the lab, gathered from the one-line lists of each folder. */
import * as arrivalEntries from './random/arrivals.ts';
import * as keyEntries from './random/keys.ts';
import * as serviceEntries from './random/service/index.ts';
import * as hashEntries from './hash/index.ts';
import * as placementEntries from './placement/index.ts';
import * as policyEntries from './policy/index.ts';
import * as profileEntries from './profile/index.ts';
import type { ProfileEntry } from './profile/types.ts';
import { table } from './table.ts';
import type { Table } from './table.ts';
import type {
  Arrivals,
  Entry,
  HashEntry,
  Key,
  LawEntry,
  PlacementEntry,
  PolicyEntry,
  Sampler,
} from './types.ts';

/** Everything that a scenario can name. */
export interface Tables {
  readonly hashes: Table<HashEntry>;
  readonly placements: Table<PlacementEntry>;
  readonly policies: Table<PolicyEntry>;
  readonly profiles: Table<ProfileEntry>;
  readonly arrivals: Table<Entry<Arrivals>>;
  readonly keys: Table<Entry<() => Sampler<Key>>>;
  readonly services: Table<LawEntry>;
}

/** The lab's own tables; `{ ...tables, hashes: tables.hashes.with(mine) }` adds to them. */
export const tables: Tables = {
  hashes: table<HashEntry>('hash function', Object.values(hashEntries)),
  placements: table<PlacementEntry>('placement', Object.values(placementEntries)),
  policies: table<PolicyEntry>('policy', Object.values(policyEntries)),
  profiles: table<ProfileEntry>('profile', Object.values(profileEntries)),
  arrivals: table<Entry<Arrivals>>('arrival process', Object.values(arrivalEntries)),
  keys: table<Entry<() => Sampler<Key>>>('key distribution', Object.values(keyEntries)),
  services: table<LawEntry>('distribution of times', Object.values(serviceEntries)),
};
