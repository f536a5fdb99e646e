/** A few replicas for each key, another few for nearly every other key: a bad key takes down only its own shard. */
import { murmur3 } from '../hash/murmur3.ts';
import { finalised, salted } from '../placement/mix.ts';
import type { Key, PolicyEntry, Replica } from '../types.ts';
import { NONE } from '../types.ts';
import { fleet } from './fleet.ts';
import { lightest } from './lightest.ts';

const hash = murmur3.make([]);
const AGAIN = salted(1);
/** Shards that are kept until the members change: one costs a look at every member, which is no less than a map where they are few. */
const KEPT = 4096;
const FEW = 64;

/** The k members that draw the highest numbers for the key (rendezvous): a member that leaves is replaced, no other. */
export function shardOf(members: readonly Replica[], key: Key, k: number): Replica[] {
  return highest(members, saltsOf(members), key, k);
}

function saltsOf(members: readonly Replica[]): Int32Array {
  return Int32Array.from(members, ({ id }) => salted(id));
}

/** The draw is mix(mix(key, id), 1); few are above the k-th highest of those before, so that the rest is rare. */
function highest(members: readonly Replica[], salts: Int32Array, key: Key, k: number): Replica[] {
  const ofKey = hash(key, 0);
  const shard: Replica[] = [];
  const drawn: number[] = [];
  let least = -1;
  for (let i = 0; i < salts.length; i++) {
    const number = finalised(finalised(ofKey ^ salts[i]) ^ AGAIN);
    if (number <= least) continue;
    let at = drawn.length;
    while (at > 0 && number > drawn[at - 1]) at--;
    shard.splice(at, 0, members[i]);
    drawn.splice(at, 0, number);
    if (shard.length > k) [shard.length, drawn.length] = [k, k];
    if (shard.length === k) least = drawn[k - 1];
  }
  return shard;
}

export const shuffleShardingEntry: PolicyEntry = {
  name: 'shuffle-sharding',
  summary: 'gives each key a shard of k replicas by its hash, and takes the fewest requests in flight there',
  source: 'MacCárthaigh 2014, AWS Architecture Blog: Shuffle Sharding',
  parameters: [{ name: 'k', default: 2, min: 1, max: 1000, integer: true }],
  weights: true,
  make:
    ([k]) =>
    () => {
      const { members, ...counts } = fleet();
      const shards = new Map<Key, readonly Replica[]>();
      /** None after a change of members, until somebody asks. */
      let salts: Int32Array | undefined;

      function shardFor(key: Key): readonly Replica[] {
        const kept = shards.get(key);
        if (kept !== undefined) return kept;
        salts ??= saltsOf(members);
        const shard = highest(members, salts, key, k);
        if (members.length <= FEW) return shard;
        if (shards.size === KEPT) shards.clear();
        shards.set(key, shard);
        return shard;
      }

      function forget(): void {
        shards.clear();
        salts = undefined;
      }

      return {
        ...counts,
        pick({ key }, now) {
          if (members.length === 0) return NONE;
          const shard = shardFor(key);
          return shard[lightest(shard, counts.inFlight, 0, now)].handle;
        },
        joined(replica) {
          counts.joined(replica);
          forget();
        },
        left(handle) {
          counts.left(handle);
          forget();
        },
      };
    },
};
