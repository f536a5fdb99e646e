/** Where imbalance comes from, for any placement and any keys: placement, hash and popularity, and what would fix each. */
import type { Key, Placement, Replica } from '../types.ts';

/** One replica's share of the requests, taken apart: due + placement + hash + popularity = load. */
export interface Part {
  readonly replica: string;
  /** What its weight entitles it to. */
  readonly due: number;
  /** Its share of the positions (arcs, slots, entries), less what is due. 0 where only keys can tell. */
  readonly placement: number;
  /** Its share of the different keys, less its share of the positions. */
  readonly hash: number;
  /** Its share of the requests, less its share of the different keys: some keys are asked for more often. */
  readonly popularity: number;
  readonly load: number;
}

/** The whole fleet: each cause as a coefficient of variation, the root mean square of what it adds over the mean. */
export interface Autopsy {
  readonly requests: number;
  readonly keys: number;
  readonly parts: readonly Part[];
  readonly placement: number;
  readonly hash: number;
  readonly popularity: number;
  /** Of the load as it is. The causes may cancel each other, so it is not their sum. */
  readonly total: number;
  /** What `hash` would be for so many keys under a perfect hash. */
  readonly luck: number;
  /** The most asked-for key, and its share of the requests. */
  readonly hottest: { readonly key: Key; readonly share: number };
}

/**
 * Takes a load apart.
 * @param placement with the replicas on it
 * @param requests how often each key was asked for, at least one
 */
export function autopsy(
  placement: Pick<Placement, 'locate' | 'shares'>,
  replicas: readonly Replica[],
  requests: ReadonlyMap<Key, number>,
): Autopsy {
  const positions = placement.shares();
  const keysAt = new Map<number, number>();
  const loadAt = new Map<number, number>();
  let total = 0;
  let [hottest, most]: [Key, number] = ['', 0];
  for (const [key, count] of requests) {
    const handle = placement.locate(key);
    keysAt.set(handle, (keysAt.get(handle) ?? 0) + 1);
    loadAt.set(handle, (loadAt.get(handle) ?? 0) + count);
    total += count;
    if (count > most) [hottest, most] = [key, count];
  }
  const weight = replicas.reduce((sum, replica) => sum + replica.weight, 0);
  const parts = replicas.map(({ handle, name, weight: own }): Part => {
    const due = own / weight;
    const owned = positions?.get(handle) ?? due;
    const keys = (keysAt.get(handle) ?? 0) / requests.size;
    const load = (loadAt.get(handle) ?? 0) / total;
    return { replica: name, due, placement: owned - due, hash: keys - owned, popularity: load - keys, load };
  });
  const shares = positions ?? new Map(replicas.map(({ handle, weight: own }) => [handle, own / weight]));
  return {
    requests: total,
    keys: requests.size,
    parts,
    placement: spread(parts.map((part) => part.placement)),
    hash: spread(parts.map((part) => part.hash)),
    popularity: spread(parts.map((part) => part.popularity)),
    total: spread(parts.map((part) => part.load - part.due)),
    luck: luckOf([...shares.values()], requests.size),
    hottest: { key: hottest, share: most / total },
  };
}

/** Root mean square of deviations from shares whose mean is 1/n. */
function spread(deviations: readonly number[]): number {
  const squares = deviations.reduce((sum, deviation) => sum + deviation * deviation, 0);
  return Math.sqrt(squares * deviations.length);
}

/** Standard deviation of multinomial counts: each of so many keys falls to a replica with its share. */
function luckOf(shares: readonly number[], keys: number): number {
  const variance = shares.reduce((sum, share) => sum + (share * (1 - share)) / keys, 0);
  return Math.sqrt(variance * shares.length);
}

/** Below this a cause is not worth a sentence. */
const SMALL = 0.02;
/** A hash within so many times the luck of the draw is not to blame. */
const LUCKY = 2;

/** What would fix the imbalance, a sentence a cause, the worst cause first. */
export function remedies(found: Autopsy): string[] {
  const causes: readonly [number, () => string][] = [
    [found.placement, () => 'Placement: replicas own unequal shares of the positions. Four times the virtual nodes halve that if the server hash mixes; jump, anchor, memento or maglev have next to none.'], // prettier-ignore
    [found.hash, () => ofHash(found)],
    [found.popularity, () => ofPopularity(found)],
  ];
  const worth = causes.filter(([size]) => size >= SMALL).sort(([a], [b]) => b - a);
  if (worth.length === 0) return ['Nothing worth a change: every cause is below 2%.'];
  return worth.map(([, sentence]) => sentence());
}

function ofHash({ hash, luck, keys }: Autopsy): string {
  const measured = `${percent(hash)}, where ${keys} keys and a perfect hash would give ${percent(luck)}`;
  return hash > LUCKY * luck
    ? `Hash: these keys do not spread evenly (${measured}). Take a request hash that mixes, such as murmur3 or xxhash64.`
    : `Hash: no more than the luck of few keys (${measured}). No hash does better; more keys will.`;
}

function ofPopularity({ hottest, popularity }: Autopsy): string {
  return `Popularity: some keys are asked for more than others (${percent(popularity)}; ${JSON.stringify(hottest.key)} alone is ${percent(hottest.share)} of the requests). No placement fixes that; bounded load or least request does, and so does a cache before the hottest keys.`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
