/** A few replicas for each key, another few for nearly every other key: a bad key takes down only its own shard. */
import { murmur3 } from '../hash/murmur3.ts';
import { mix } from '../placement/mix.ts';
import type { Key, PolicyEntry, Replica } from '../types.ts';
import { NONE } from '../types.ts';
import { fleet } from './fleet.ts';
import { lightest } from './lightest.ts';

const hash = murmur3.make([]);

/** The k members that draw the highest numbers for the key (rendezvous): a member that leaves is replaced, no other. */
export function shardOf(members: readonly Replica[], key: Key, k: number): Replica[] {
  const ofKey = hash(key, 0);
  const shard: { readonly member: Replica; readonly drawn: number }[] = [];
  for (const member of members) {
    const drawn = mix(mix(ofKey, member.id), 1);
    if (shard.length === k && drawn <= shard[k - 1].drawn) continue;
    const at = shard.findIndex((other) => drawn > other.drawn);
    shard.splice(at < 0 ? shard.length : at, 0, { member, drawn });
    if (shard.length > k) shard.pop();
  }
  return shard.map(({ member }) => member);
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
      return {
        ...counts,
        pick({ key }, now) {
          if (members.length === 0) return NONE;
          const shard = shardOf(members, key, k);
          return shard[lightest(shard, counts.inFlight, 0, now)].handle;
        },
      };
    },
};
