/** 10,000 requests on three replicas, and the three causes of what one sees (LAB 4). */
import { hashOf } from '../core/resolve.ts';
import { causes } from '../core/stats/causes.ts';
import type { Causes } from '../core/stats/causes.ts';
import { peakToMean } from '../core/stats/fairness.ts';
import { allIds } from '../core/random/ids.ts';
import { ownerShares, slotShares } from '../core/placement/slot-shares.ts';
import { shareInterval } from '../core/stats/theory.ts';
import { barGroups, bars, columnGroups } from './charts/bars.ts';
import { intervals } from './charts/intervals.ts';
import { spikes } from './charts/spikes.ts';
import { experiment } from './lab.ts';
import { ring as ringChart } from './render/ring.ts';
import type { Row, Story } from './story.ts';
import { count, percent, plural } from './wording.ts';

const MIXING = 'murmur3';
const replicaField = { field: 'replica', title: 'replica' };
const meta = {
  title: 'A-1: 10,000 requests on three replicas',
  question: "How evenly does the lab's hash ring share the requests, and what makes it uneven?",
};

export default experiment(meta, (story, lab) => {
  const { scenario, replicas, summary } = lab.run();
  const ring = lab.ring();
  const names = replicas.map(({ replica }) => replica);
  const counts = new Map(replicas.map(({ requests }, handle) => [handle, requests]));
  const parts = causes(ring, allIds(), counts);
  const spread = slotShares(hashOf(scenario.requestHash), scenario.slots);

  tellCounts(story, replicas, summary);
  story.words('## The ring itself');
  tellRing(
    story,
    names,
    ring.owners,
    names.map((_, handle) => ring.slotsOf(handle)),
  );
  story.words('## The request hash');
  tellSkew(story, spread, ring.owners, names);
  story.words('## Three causes, added up exactly');
  tellCauses(story, parts, names, scenario.requests);
  story.words('## What would fix it');
  const fixes = ['lab', MIXING].flatMap((request) =>
    ['lab', MIXING].map((server) => {
      const given = {
        ...(request === 'lab' ? {} : { requestHash: request }),
        ...(server === 'lab' ? {} : { serverHash: server }),
      };
      const shares = lab.run(given).replicas.map(({ share }) => share);
      const exact = ownerShares(
        lab.ring(given).owners,
        slotShares(hashOf(request === 'lab' ? scenario.requestHash : request), scenario.slots),
        names.length,
      );
      return { request, server, shares, exact };
    }),
  );
  tellFixes(story, fixes, names);
  story.record('causes', parts);
});

function tellCounts(
  story: Story,
  replicas: readonly { replica: string; requests: number; share: number }[],
  summary: { requests: number; peakToMean: number },
): void {
  const sorted = [...replicas].sort((a, b) => b.requests - a.requests);
  const [most, least] = [sorted[0], sorted[sorted.length - 1]];
  const even = summary.requests / replicas.length;
  story.words(
    `The lab sends ${count(summary.requests)} requests with random 6-digit ids to ${replicas.length} replicas. An even share would be ${count(Math.round(even))} each. **${most.replica} handles ${count(most.requests)} of them, ${percent(most.share)}; ${least.replica} gets ${count(least.requests)}.** The peak-to-mean ratio is ${summary.peakToMean.toFixed(2)}, where 1 is even and ${replicas.length} is the worst there can be.`,
  );
  story.chart({
    id: 'requests',
    title: `${most.replica} handles ${percent(most.share, 0)} of the requests`,
    subtitle: `${count(summary.requests)} requests, N = ${replicas.length}, the lab's own hash functions`,
    caption: `Requests handled by each replica. The dotted line is the even share, ${count(Math.round(even))}.`,
    rows: replicas.map(({ replica, requests, share }) => ({ replica, requests, share, even })),
    width: 420,
    spec: bars(replicaField, { field: 'requests', title: 'requests handled' }, 'even'),
  });
  story.claim(
    `The busiest replica handles more than twice the mean (${summary.peakToMean.toFixed(2)} times)`,
    summary.peakToMean > 2,
  );
}

function tellRing(
  story: Story,
  names: readonly string[],
  owners: Readonly<Int32Array>,
  slots: readonly (readonly number[])[],
): void {
  const virtual = slots.flatMap((own, handle) => own.map((slot) => ({ slot, replica: names[handle] })));
  const taken = virtual.map(({ slot }) => slot).sort((a, b) => a - b);
  const [first, last] = [taken[0], taken[taken.length - 1]];
  const owner = names[owners[(last + 1) % owners.length]];
  const gap = owners.length - (last - first);
  story.words(
    `All ${virtual.length} virtual servers stand between slot ${first} and slot ${last} of ${owners.length}: Φ(i, j) = i² + j² + 2j + 25 is small for small i and j and never goes round. The ${gap} slots after the last one therefore belong to whoever comes first at slot ${first}, and that is **${owner}**.`,
  );
  story.chart({
    id: 'ring',
    title: `${plural(gap, 'slot')} of ${owners.length} fall to one virtual server of ${owner}`,
    caption:
      'The ring, clockwise from slot 0 at the top. The band has the colour of the replica that owns each slot; ticks outside it are the virtual servers.',
    ...ringChart(owners.length, virtual),
  });
  story.claim(
    `The virtual servers of the lab leave a gap of more than half the ring (${gap} of ${owners.length} slots)`,
    gap > owners.length / 2,
  );
}

function tellSkew(
  story: Story,
  spread: Float64Array,
  owners: Readonly<Int32Array>,
  names: readonly string[],
): void {
  const hit = spread.filter((share) => share > 0).length;
  const highest = Math.max(...spread);
  const times = highest * spread.length;
  story.words(
    `H(i) = i² + 2i + 17 is (i + 1)² + 16, and squares fall on few remainders: over all 900,000 six-digit ids only **${hit} of ${spread.length} slots** are ever hit, and the fullest gets ${times.toFixed(1)} times its even share. So owning many slots is not owning as many keys.`,
  );
  story.chart({
    id: 'slots',
    title: `The request hash reaches only ${hit} of ${spread.length} slots`,
    subtitle: 'share of all 900,000 six-digit ids on each slot',
    caption: `Each line is a slot that some id falls on, in the colour of its owner. The dotted line is what a uniform hash would give every slot, ${percent(1 / spread.length, 2)}.`,
    rows: [...spread]
      .map((share, slot) => ({ slot, share, owner: names[owners[slot]], even: 1 / spread.length }))
      .filter(({ share }) => share > 0),
    width: 560,
    height: 260,
    spec: spikes(
      { field: 'slot', title: 'slot' },
      [0, spread.length],
      { field: 'share', title: 'share of all ids', format: '.1%' },
      { field: 'owner', title: 'owner' },
      names,
      'even',
    ),
  });
  story.claim(
    `Fewer than a quarter of the slots are ever hit by a request (${hit} of ${spread.length})`,
    hit < spread.length / 4,
  );
}

function tellCauses(
  story: Story,
  parts: readonly Causes[],
  names: readonly string[],
  requests: number,
): void {
  const worst = (pick: (part: Causes) => number): number =>
    Math.max(...parts.map((part) => Math.abs(pick(part))));
  const size = {
    placement: worst((p) => p.placement),
    skew: worst((p) => p.skew),
    chance: worst((p) => p.chance),
  };
  const kinds = [['placement', 'placement of virtual servers'], ['skew', 'skew of the request hash'], ['chance', 'chance in the keys']] as const; // prettier-ignore
  const ranked = [...kinds].sort(([a], [b]) => size[b] - size[a]);
  story.words(
    `A replica's share of the requests is the even share, plus what it owns of the slots beyond that (*placement*), plus what it owns of all possible keys beyond its slots (*skew*), plus what came beyond its share of the keys (*chance*). The sum is exact. Here the largest cause is the **${ranked[0][1]}** (up to ${percent(size[ranked[0][0]])} of all requests for a replica), then the ${ranked[1][1]} (${percent(size[ranked[1][0]])}), then the ${ranked[2][1]} (${percent(size[ranked[2][0]], 2)}).`,
  );
  const rows: Row[] = parts.flatMap((part) =>
    kinds.map(([kind, cause], order) => ({ replica: names[part.handle], cause, order, share: part[kind] })),
  );
  story.chart({
    id: 'causes',
    title: `Mostly the ${ranked[0][1]}, hardly ${ranked[2][0]}`,
    subtitle: `what adds to or takes from the even share of ${percent(1 / parts.length)}`,
    caption:
      'Deviation from the even share by cause, in shares of all requests. For each replica the three bars add up to its sampled share less the even share.',
    rows,
    width: 420,
    spec: columnGroups(
      replicaField,
      { field: 'share', title: 'share of all requests, from even', format: '+.0%' },
      { field: 'cause', title: 'cause' },
      kinds.map(([, cause]) => cause),
    ),
  });
  tellSampling(story, parts, names, requests);
}

function tellSampling(
  story: Story,
  parts: readonly Causes[],
  names: readonly string[],
  requests: number,
): void {
  const rows = parts.map(({ handle, exact, chance }) => {
    const half = shareInterval(exact, requests);
    return { replica: names[handle], exact, low: -half, high: half, expected: 0, observed: chance };
  });
  const furthest = Math.max(...rows.map(({ observed, high }) => Math.abs(observed) / high));
  story.words(
    `Each exact share, counted over all 900,000 ids, says where the sample should fall: within ${percent(Math.max(...rows.map(({ high }) => high)), 2)} of it at most, 95 times in 100. The sampled counts of ${count(requests)} requests are at most ${furthest.toFixed(2)} of that half-width away: chance explains no more than that.`,
  );
  story.chart({
    id: 'chance',
    title: 'The counts are where the exact shares say they should be',
    subtitle: `sampled share less exact share, of ${count(requests)} requests`,
    caption:
      'Dots: share of the requests sent, less the exact share over all ids. Bars: the interval in which a sample of this size falls 95 times in 100.',
    rows,
    width: 480,
    height: 40 * rows.length,
    spec: intervals(replicaField, { title: 'share of the requests, from exact', format: '+.2%' }),
  });
  story.claim(
    `Every sampled share lies within twice the 95% half-width of its exact share (at most ${furthest.toFixed(2)})`,
    furthest < 2,
  );
  const gap = Math.max(
    ...parts.map(({ even, placement, skew, chance, sampled }) =>
      Math.abs(even + placement + skew + chance - sampled),
    ),
  );
  story.claim('Even share, placement, skew and chance add up to the sampled share', gap < 1e-12);
}

interface Fix {
  readonly request: string;
  readonly server: string;
  readonly shares: readonly number[];
  readonly exact: readonly number[];
}

function tellFixes(story: Story, fixes: readonly Fix[], names: readonly string[]): void {
  const label = ({ request, server }: Fix): string =>
    `H: ${request === 'lab' ? "the lab's" : request}, Φ: ${server === 'lab' ? "the lab's" : server}`;
  const ratios = fixes.map((fix) => peakToMean([...fix.exact]));
  const best = ratios.indexOf(Math.min(...ratios));
  story.words(
    `Both causes are cured by hash functions that mix. The same ${names.length} replicas with ${MIXING} in place of H alone: peak-to-mean ${ratios[2].toFixed(2)}; in place of Φ alone: ${ratios[1].toFixed(2)}; in place of both: ${ratios[3].toFixed(2)}. The best of the four here is *${label(fixes[best])}*; what is left then is the luck of so few virtual servers, which A-4 takes up.`,
  );
  story.chart({
    id: 'fixes',
    title: 'A hash that mixes, for the virtual servers above all',
    subtitle: `the same requests; ${MIXING} in place of the lab's polynomials`,
    caption: 'Share of the requests that each replica handles. The dotted line is the even share.',
    rows: fixes.flatMap((fix) =>
      fix.shares.map((share, handle) => ({
        hashes: label(fix),
        replica: names[handle],
        share,
        even: 1 / names.length,
      })),
    ),
    width: 420,
    height: 240,
    spec: barGroups(
      { field: 'hashes', title: null },
      { field: 'share', title: 'share of the requests', format: '.0%' },
      replicaField,
      'even',
    ),
  });
  story.claim(
    `Mixing hashes in both places are more even than the lab's (${ratios[3].toFixed(2)} against ${ratios[0].toFixed(2)})`,
    ratios[3] < ratios[0],
  );
}
