/** from the ring to the queue: how often a hash alone overloads a replica, and how many virtual nodes prevent it. */
import { probings } from '../core/placement/probing.ts';
import { stream } from '../core/random/stream.ts';
import { hashOf } from '../core/resolve.ts';
import { shareInterval } from '../core/stats/theory.ts';
import { overloadProbability, vnodesFor } from '../core/stats/ring-overload.ts';
import { tables } from '../core/tables.ts';
import type { Replica } from '../core/types.ts';
import { lines } from './charts/lines.ts';
import { experiment } from './lab.ts';
import type { Lab } from './lab.ts';
import { heatMap } from './render/heat-map.ts';
import { muted, palette } from './render/theme.ts';
import type { Story } from './story.ts';
import { count, list, percent } from './wording.ts';

/** The size of the map, of the real rings and of the simulations. */
const N = 6;
const VNODES = [1, 3, 9, 16, 32, 64, 128, 256, 512, 1024];
const LOADS = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];
const SAFETY = 0.99;
/** The load at which hash functions are tried. */
const TRIED = 0.8;
const FLEETS = 250;
const HASHES = ['murmur3', 'xxhash32', 'md5', 'crc32', 'fnv1a', 'phi'];
const SERVICE_MS = 5;
const REQUESTS = 12_000;
const RINGS = 12;

const meta = {
  title: 'A-6: from the ring to the queue',
  question: 'How often does the hash alone overload a replica, and how many virtual nodes prevent it?',
};

export default experiment(meta, (story, lab) => {
  tellMap(story);
  tellNeed(story);
  story.words('## The hash functions that there are');
  tellHashes(story, lab);
  story.words('## The queue itself');
  tellQueues(story, lab);
});

const at = (load: number): string => percent(load, 0);

function tellMap(story: Story): void {
  const rows = LOADS.toReversed().flatMap((load) =>
    VNODES.map((vnodes) => ({
      load: at(load),
      vnodes: String(vnodes),
      chance: overloadProbability(N, vnodes, load),
    })),
  );
  const of9 = overloadProbability(N, 9, 0.8);
  story.words(
    `A ring gives each replica an arc, and the arc decides its load. With offered load ρ (what all replicas together are offered, of what they can serve), a replica with share *s* of the circle is offered ρ·N·s of what it can serve. At 1 or more its queue grows without end, though the others idle. No policy by key can mend that, and no mean shows it.\n\nPoints that are independent and uniform leave spacings that are Dirichlet(1, …, 1); a replica owns K of them, so the shares are Dirichlet(K, …, K), and the chance that the largest reaches 1/(ρN) follows exactly. For K = 1 it is the longest of N spacings (Whitworth 1897). Nothing below is sampled unless it says so.`,
  );
  story.chart({
    id: 'map',
    title: 'Where the hash alone overloads a replica',
    subtitle: `chance that some replica of ${N} is offered more than it can serve; exact`,
    caption: `The lab's K is 9: at 80% load, ${percent(of9, 0)} of all rings overload somebody.`,
    rows,
    width: VNODES.length * 58,
    height: LOADS.length * 30,
    spec: heatMap({
      x: { field: 'vnodes', title: 'virtual nodes a replica (K)' },
      y: { field: 'load', title: 'offered load (ρ)' },
      value: { field: 'chance', title: 'overloaded', format: '.0%' },
      domain: [0, 1],
    }),
  });
  story.claim(`With the lab's 9 virtual nodes, six replicas at 80% are overloaded more often than not (${percent(of9)})`, of9 > 0.5); // prettier-ignore
}

function tellNeed(story: Story): void {
  const sizes = [3, 6, 10, 100, 1000];
  const rows = sizes.flatMap((replicas) =>
    LOADS.map((load) => ({ replicas: count(replicas), load, vnodes: vnodesFor(replicas, load, SAFETY) })),
  );
  const loads = [0.6, 0.7, 0.8, 0.9, 0.95];
  const table = [
    `| replicas | ${loads.map(at).join(' | ')} |`,
    `| ---: |${loads.map(() => ' ---: |').join('')}`,
    ...sizes.map(
      (n) => `| ${count(n)} | ${loads.map((load) => count(vnodesFor(n, load, SAFETY))).join(' | ')} |`,
    ),
  ];
  const six = vnodesFor(N, 0.8, SAFETY);
  story.words(
    `## How many virtual nodes a load needs\n\nTo run ${N} replicas at 80% with ${at(SAFETY)} of the rings safe, K must be at least **${six}**. The need grows as 1/(1 - ρ)², since the room is 1 - ρ and a share deviates by 1/√K; with N it grows only as log N.\n\n${table.join('\n')}`,
  );
  story.chart({
    id: 'virtual-nodes-needed',
    title: 'Half the room takes four times the virtual nodes',
    subtitle: `fewest virtual nodes a replica with which ${at(SAFETY)} of the rings overload nobody; exact`,
    caption: 'From 80% to 90% the room halves. A hundred times the replicas cost less than that.',
    rows,
    width: 560,
    height: 320,
    spec: lines({
      x: { field: 'load', title: 'offered load (ρ)', format: '.0%' },
      y: { field: 'vnodes', title: 'virtual nodes a replica (K)', format: ',d', log: true },
      series: { field: 'replicas', title: 'replicas', order: sizes.map(count) },
    }),
  });
  const ratio = vnodesFor(N, 0.9, SAFETY) / six;
  story.claim(`From 80% to 90% the need grows four- to fivefold (${ratio.toFixed(1)} times)`, ratio > 4 && ratio < 5); // prettier-ignore
  const growth = vnodesFor(1000, 0.8, SAFETY) / vnodesFor(10, 0.8, SAFETY);
  story.claim(`From 10 to 1,000 replicas it less than trebles (${growth.toFixed(1)} times)`, growth > 1 && growth < 3); // prettier-ignore
}

/** A ring's replicas with ids drawn at random, as addresses are. */
function fleetOf(random: () => number): Replica[] {
  return Array.from({ length: N }, (_, handle) => {
    const id = 1 + Math.floor(random() * 1e9);
    return { handle, id, name: `S${handle + 1}`, weight: 1 };
  });
}

/** The share that the ring of a hash function gives the replica that has most. */
function largestShare(hash: string, vnodes: number, fleet: readonly Replica[]): number {
  const { entry, args } = tables.placements.choose('ring');
  const [requestHash, serverHash] = [hashOf('murmur3'), hashOf(hash)];
  const placement = entry.make(args)({ slots: 1, vnodes, vnodeFrom: 0, probing: probings.linear, requestHash, serverHash }); // prettier-ignore
  for (const replica of fleet) placement.add(replica);
  return Math.max(...(placement.shares()?.values() ?? []));
}

function tellHashes(story: Story, lab: Lab): void {
  const sampled = VNODES.filter((vnodes) => vnodes >= 9 && vnodes <= 128);
  const rows = HASHES.flatMap((hash) =>
    sampled.map((vnodes) => {
      const random = stream(lab.seed, 'keys');
      let overloaded = 0;
      for (let i = 0; i < FLEETS; i++)
        if (largestShare(hash, vnodes, fleetOf(random)) * N * TRIED >= 1) overloaded++;
      return { hash, vnodes, chance: overloaded / FLEETS };
    }),
  );
  const theory = sampled.map((vnodes) => ({ vnodes, chance: overloadProbability(N, vnodes, TRIED) }));
  const off = (hash: string): number =>
    Math.max(
      ...rows
        .filter((row) => row.hash === hash)
        .map(({ vnodes, chance }) => {
          const expected = overloadProbability(N, vnodes, TRIED);
          return Math.abs(chance - expected) - 2 * shareInterval(expected, FLEETS);
        }),
    );
  const fair = HASHES.filter((hash) => off(hash) <= 0);
  story.words(
    `The law asks for points that are as good as random. ${FLEETS} fleets of ${N} replicas with random ids, at ${at(TRIED)} load: ${list(fair)} keep to it within twice their 95% interval. Those above it mix too little: a replica's points stand near each other, and more of them do not help.`,
  );
  story.chart({
    id: 'hash-functions',
    title: 'Virtual nodes help only as far as the hash scatters them',
    subtitle: `share of ${FLEETS} random fleets in which some replica of ${N} is overloaded at ${at(TRIED)} load`,
    caption: 'Dashed: the exact law for random points. Dots: rings of each hash function of virtual nodes.',
    rows,
    datasets: { theory },
    width: 560,
    height: 320,
    spec: lines({
      x: { field: 'vnodes', title: 'virtual nodes a replica (K)', log: true, values: sampled },
      y: { field: 'chance', title: 'fleets overloaded', format: '.0%' },
      series: { field: 'hash', title: 'server hash', order: HASHES },
      theory: { data: 'theory', field: 'chance' },
    }),
  });
  tellLabRing(story, lab);
  story.claim('murmur3, xxhash32 and md5 keep to the law of random points', ['murmur3', 'xxhash32', 'md5'].every((hash) => fair.includes(hash))); // prettier-ignore
  story.claim(
    'The polynomial Φ on a circle of 32 bits does not, however many virtual nodes',
    off('phi') > 0.3,
  );
}

/** The lab's ring is one ring and no sample: the load at which each N overloads its largest replica is a number. */
function tellLabRing(story: Story, lab: Lab): void {
  const rows = [2, 3, 4, 5, 6].map((replicas) => {
    const most = Math.max(...lab.ring({ replicas }).shares().values());
    return `| ${replicas} | ${percent(most)} | ${percent(1 / (replicas * most))} |`;
  });
  story.words(
    `The lab's own ring (M = 512, K = 9, Φ over S1, S2, …) is not drawn at random. Exactly, by slots:\n\n| replicas | largest share | overloaded from load |\n| ---: | ---: | ---: |\n${rows.join('\n')}`,
  );
}

function tellQueues(story: Story, lab: Lab): void {
  const capacity = 1000 / SERVICE_MS;
  const rows = [9, 32, 128].flatMap((vnodes) =>
    Array.from({ length: RINGS }, (_, i) => queueOf(lab, vnodes, i)),
  );
  const longMs = (REQUESTS * 1000) / (N * TRIED * capacity);
  const surplus = (offered: number): number => Math.max(0, offered - 1) * capacity * (longMs / 1000);
  const most = Math.max(...rows.map(({ offered }) => offered));
  const theory = [TRIED, 1, most].map((offered) => ({ offered, left: surplus(offered) }));
  const over = rows.filter(({ offered }) => offered > 1.1);
  const under = rows.filter(({ offered }) => offered < 0.95);
  story.words(
    `Rings with murmur3, simulated: ${RINGS} fleets for each K, ${count(REQUESTS)} requests each at ${at(TRIED)} load, exponential service. Each dot is a ring; across is what its arcs offer the replica that has most, up is what still waits or is served there when the last request has come. Left of 1 the queues end near zero. Right of it they end where the surplus puts them, (offered - 1) x what one replica serves in that time, and would go on from there.`,
  );
  story.chart({
    id: 'queues',
    title: 'Past one, the queue is what does not fit',
    subtitle: `requests left at the most loaded of ${N} replicas after ${(longMs / 1000).toFixed(1)} s, by its arcs`,
    caption: 'Dashed: the surplus that the exact shares of the ring foretell. Nothing is fitted.',
    rows,
    datasets: { theory },
    width: 560,
    height: 320,
    spec: {
      layer: [
        {
          data: { name: 'theory' },
          mark: { type: 'line', style: 'theory', interpolate: 'linear' },
          encoding: {
            x: { field: 'offered', type: 'quantitative' },
            y: { field: 'left', type: 'quantitative' },
          },
        },
        {
          mark: { type: 'point', size: 60, stroke: 'white', strokeWidth: 0.75 },
          encoding: {
            x: {
              field: 'offered',
              type: 'quantitative',
              title: 'offered to the most loaded replica, of what it can serve',
              axis: { format: '.0%' },
              scale: { zero: false },
            },
            y: { field: 'left', type: 'quantitative', title: 'requests left there' },
            color: {
              field: 'vnodes',
              type: 'nominal',
              title: 'virtual nodes (K)',
              scale: { domain: ['9', '32', '128'], range: [palette[0], palette[1], palette[3]] },
            },
          },
        },
        {
          data: { values: [{ offered: 1 }] },
          mark: { type: 'rule', color: muted, strokeDash: [3, 3] },
          encoding: { x: { field: 'offered', type: 'quantitative' } },
        },
      ],
    },
  });
  story.claim(
    `Every ring that offers a replica 110% or more (${over.length}) ends with the surplus left, within a quarter and 60 requests`,
    over.length > 0 && over.every(({ offered, left }) => Math.abs(left - surplus(offered)) < 60 + surplus(offered) / 4), // prettier-ignore
  );
  story.claim(
    `Every ring that offers all replicas less than 95% (${under.length}) ends with fewer than 100`,
    under.length > 0 && under.every(({ left }) => left < 100),
  );
}

/** One ring: what its arcs offer the replica with most, and what is left there when the last request has come. */
function queueOf(lab: Lab, vnodes: number, fleet: number) {
  const rate = (N * TRIED * 1000) / SERVICE_MS;
  const given = { replicas: N, vnodes, placement: 'ring', requestHash: 'murmur3', serverHash: 'murmur3', firstId: 1 + fleet * N }; // prettier-ignore
  const members = Array.from({ length: N }, (_, handle) => ({ handle, id: given.firstId + handle, name: `S${handle + 1}`, weight: 1 })); // prettier-ignore
  const offered = largestShare('murmur3', vnodes, members) * N * TRIED;
  const endMs = (REQUESTS * 1000) / rate;
  const { timeline } = lab.run({
    ...given,
    arrivals: `poisson(${rate})`,
    service: `exponential(${SERVICE_MS})`,
    requests: REQUESTS,
    queue: 1_000_000,
    bucket: endMs / 20,
  });
  const left = new Map<string, number>();
  for (const { fromMs, replica, picked, completed } of timeline)
    if (fromMs < endMs) left.set(replica, (left.get(replica) ?? 0) + picked - completed);
  return { vnodes: String(vnodes), offered, left: Math.max(...left.values()) };
}
