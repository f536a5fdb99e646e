/** A-4: every pair of hash functions, and virtual nodes from 1 to 1,000 (LAB 4). */
import { hashOf } from '../core/resolve.ts';
import { slotRing } from '../core/placement/slot-ring.ts';
import { probings } from '../core/placement/probing.ts';
import { coefficientOfVariation, mean, peakToMean } from '../core/stats/fairness.ts';
import { ownerShares, slotShares } from '../core/placement/slot-shares.ts';
import { ringVariation } from '../core/stats/theory.ts';
import { tables } from '../core/tables.ts';
import { panels } from './charts/panels.ts';
import { experiment } from './lab.ts';
import type { Lab } from './lab.ts';
import { heatMap } from './render/heat-map.ts';
import type { Story } from './story.ts';
import { list, percent } from './wording.ts';

const HASHES = tables.hashes.entries.map(({ name }) => name);
const SLOTS = 512;
const REPLICAS = 3;
const VNODES = [1, 2, 4, 9, 20, 50, 100, 200, 500, 1000];
/** Room for 3,000 virtual servers with hardly a conflict; and enough fleets for a mean square within some 15%. */
const WIDE_RING = 1 << 16;
const FLEETS = 40;
/** What a mixing hash function must come near: its ring is then as good as a random one. */
const MIXING = ['md5', 'murmur3', 'sha1', 'sha256', 'xxhash32'];

const meta = {
  title: 'A-4: other hash functions, more virtual servers',
  question: 'Which hash functions make the ring even, and how many virtual servers does that take?',
};

export default experiment(meta, (story, lab) => {
  const spreads = new Map(HASHES.map((name) => [name, slotShares(hashOf(name), SLOTS)]));
  tellPairs(story, lab, spreads);
  story.words('## The request hash alone');
  tellSpreads(story, spreads);
  story.words('## N from 2 to 6 again');
  tellFleets(story, lab, spreads);
  story.words('## Virtual servers from 1 to 1,000');
  tellVnodes(story);
});

type Spreads = ReadonlyMap<string, Float64Array>;

function peak(lab: Lab, spreads: Spreads, requestHash: string, serverHash: string, replicas: number): number {
  const { owners } = lab.ring({ serverHash, replicas });
  return peakToMean(ownerShares(owners, spreads.get(requestHash) ?? new Float64Array(SLOTS), replicas));
}

function tellPairs(story: Story, lab: Lab, spreads: Spreads): void {
  const rows = HASHES.flatMap((server) =>
    HASHES.map((request) => ({ request, server, peak: peak(lab, spreads, request, server, REPLICAS) })),
  );
  const ranked = [...rows].sort((a, b) => a.peak - b.peak);
  const [best, worst] = [ranked[0], ranked[ranked.length - 1]];
  const labs = rows.find(({ request, server }) => request === 'poly' && server === 'phi') ?? worst;
  const beaten = rows.filter((row) => row.peak < labs.peak).length;
  story.words(
    `Every hash function of the lab as H with every one as Φ, on the ring of A-1 (N = ${REPLICAS}, M = ${SLOTS}, K = 9), measured exactly over all 900,000 ids. The best pair is H = ${best.request} with Φ = ${best.server}, at ${best.peak.toFixed(2)} times the mean; the worst H = ${worst.request} with Φ = ${worst.server}, at ${worst.peak.toFixed(2)}. The lab's own pair is at ${labs.peak.toFixed(2)}, and ${beaten} of the ${rows.length} pairs are more even. Rows differ more than columns: where the virtual servers stand matters most, and a single ring of nine is still a throw of dice.`,
  );
  story.chart({
    id: 'pairs',
    title: 'Φ decides: the rows differ more than the columns',
    subtitle: `peak-to-mean over all ids, N = ${REPLICAS}, M = ${SLOTS}, K = 9; 1 is even, ${REPLICAS} the worst`,
    caption: 'Every pair of hash functions with its default parameters. Dark is uneven.',
    rows,
    width: HASHES.length * (HASHES.length > 14 ? 34 : 54),
    height: HASHES.length * 30,
    spec: heatMap({
      x: { field: 'request', title: 'request hash (H)' },
      y: { field: 'server', title: 'server hash (Φ)' },
      value: { field: 'peak', title: 'peak-to-mean', format: '.2f' },
      domain: [1, REPLICAS],
      labelAngle: -40,
    }),
  });
  const variation = (key: 'server' | 'request'): number =>
    coefficientOfVariation(
      HASHES.map((name) => mean(rows.filter((row) => row[key] === name).map((row) => row.peak))),
    );
  story.claim(
    `The choice of Φ changes the peak more than the choice of H (${variation('server').toFixed(2)} against ${variation('request').toFixed(2)})`,
    variation('server') > variation('request'),
  );
  story.claim(
    `The best pair is more even than the lab's (${best.peak.toFixed(2)} against ${labs.peak.toFixed(2)})`,
    best.peak < labs.peak,
  );
}

function tellSpreads(story: Story, spreads: Spreads): void {
  const rows = [...spreads].map(([hash, shares]) => {
    const hit = shares.filter((share) => share > 0).length;
    return { hash, reached: hit / SLOTS, cv: coefficientOfVariation([...shares]) };
  });
  const full = rows.filter(({ reached }) => reached === 1).map(({ hash }) => hash);
  const partial = rows.filter(({ reached }) => reached < 1);
  story.words(
    `${list(full)} reach every one of the ${SLOTS} slots with six-digit ids. ${partial.length === 0 ? 'None leaves any out.' : `${list(partial.map(({ hash, reached }) => `${hash} (${percent(reached)})`))} do not: a square has few remainders modulo a power of two.`}`,
  );
  story.chart({
    id: 'request-hash',
    title: `${list(partial.map(({ hash }) => hash))} leave most slots empty`,
    subtitle: `six-digit ids over ${SLOTS} slots, exact`,
    caption:
      'Share of the slots that some id falls on, and the coefficient of variation of the ids a slot (0 is even).',
    rows,
    width: 300,
    height: HASHES.length * 22,
    spec: {
      hconcat: [
        {
          width: 260,
          mark: { type: 'bar' },
          encoding: {
            y: { field: 'hash', type: 'nominal', sort: null, title: 'request hash (H)' },
            x: {
              field: 'reached',
              type: 'quantitative',
              title: 'share of slots reached',
              axis: { format: '.0%', grid: true },
            },
          },
        },
        {
          width: 260,
          mark: { type: 'bar' },
          encoding: {
            y: { field: 'hash', type: 'nominal', sort: null, title: null },
            x: { field: 'cv', type: 'quantitative', title: 'coefficient of variation', axis: { grid: true } },
          },
        },
      ],
    },
  });
  const reached = (name: string): number => rows.find(({ hash }) => hash === name)?.reached ?? 0;
  story.claim(
    'The mixing hash functions reach every slot',
    MIXING.every((name) => reached(name) === 1),
  );
  story.claim(
    `The lab's H reaches less than a quarter of the slots (${percent(reached('poly'))})`,
    reached('poly') < 0.25,
  );
}

function tellFleets(story: Story, lab: Lab, spreads: Spreads): void {
  const fleets = [2, 3, 4, 5, 6];
  const pairs = [
    { name: "the lab's pair", request: 'poly', server: 'phi' },
    ...HASHES.map((name) => ({ name, request: name, server: name })),
  ];
  const rows = pairs.flatMap(({ name, request, server }) =>
    fleets.map((n) => ({ hash: name, n, peak: peak(lab, spreads, request, server, n) })),
  );
  const worstMixing = Math.max(...rows.filter(({ hash }) => MIXING.includes(hash)).map((row) => row.peak));
  const labs = rows.filter(({ hash }) => hash === pairs[0].name).map((row) => row.peak);
  story.words(
    `A-1 and A-2 again with one function in both places. The lab's pair goes from ${labs[0].toFixed(2)} at N = 2 to ${labs[4].toFixed(2)} at N = 6; ${list(MIXING)} stay at or below ${worstMixing.toFixed(2)} over all five fleets.`,
  );
  story.chart({
    id: 'fleets',
    title: "Mixing hashes stay within bounds that the lab's leave behind",
    subtitle: `peak-to-mean over all ids, M = ${SLOTS}, K = 9; the same function for H and Φ`,
    caption: 'Rows: hash functions; columns: replicas. The worst possible value in a column is its N.',
    rows,
    width: fleets.length * 60,
    height: pairs.length * 30,
    spec: heatMap({
      x: { field: 'n', title: 'replicas (N)' },
      y: { field: 'hash', title: 'hash function' },
      value: { field: 'peak', title: 'peak-to-mean', format: '.2f' },
      domain: [1, 4],
    }),
  });
  story.claim(
    `At N = 6 the lab's pair is less even than any mixing hash at any N (${labs[4].toFixed(2)} against ${worstMixing.toFixed(2)})`,
    labs[4] > worstMixing,
  );
}

/** Root mean square, over fleets with different ids, of the coefficient of variation of the replicas' slots. */
function placementVariation(hash: string, vnodes: number): number {
  const squares = Array.from({ length: FLEETS }, (_, fleet) => {
    const ring = slotRing({
      slots: WIDE_RING,
      vnodes,
      vnodeFrom: 0,
      probing: probings.linear,
      requestHash: hashOf('modulo'),
      serverHash: hashOf(hash),
    });
    for (let i = 0; i < REPLICAS; i++)
      ring.add({ handle: i, id: 1 + fleet * REPLICAS + i, name: `S${i + 1}`, weight: 1 });
    const cv = coefficientOfVariation([...ring.shares().values()]);
    return cv * cv;
  });
  return Math.sqrt(mean(squares));
}

function tellVnodes(story: Story): void {
  const rows = HASHES.flatMap((hash) =>
    VNODES.map((vnodes) => ({
      hash,
      vnodes,
      cv: placementVariation(hash, vnodes),
      theory: ringVariation(REPLICAS, vnodes),
    })),
  );
  const near = MIXING.map((name) =>
    Math.max(
      ...rows.filter(({ hash }) => hash === name).map(({ cv, theory }) => Math.abs(Math.log(cv / theory))),
    ),
  );
  const off = Math.exp(Math.max(...near)) - 1;
  const at = (hash: string, vnodes: number): number =>
    rows.find((row) => row.hash === hash && row.vnodes === vnodes)?.cv ?? NaN;
  const ten = rows.find(({ theory }) => theory <= 0.1)?.vnodes ?? NaN;
  story.words(
    `With random points the coefficient of variation is √((N−1)/(NK+1)): to halve it one needs four times the virtual servers, and for 10% it takes ${ten} of those tried here. ${list(MIXING)} follow that line to within ${percent(off, 0)}. The lab's Φ does not: with 1,000 virtual servers it is still at ${at('phi', 1000).toFixed(2)}, since its values stay in one region of the ring however many there are; more virtual servers do not mend a hash that does not mix.`,
  );
  story.chart({
    id: 'virtual-servers',
    title: 'More virtual servers help in proportion to 1/√K, if the hash mixes',
    subtitle: `coefficient of variation of the replicas' slots, N = ${REPLICAS}, M = ${WIDE_RING}, over ${FLEETS} fleets`,
    caption:
      'Root mean square over fleets with different ids, against the number of virtual servers a replica, both logarithmic. Dashed: a ring of random points.',
    rows,
    spec: panels(
      { field: 'hash', title: null },
      { field: 'vnodes', title: 'virtual servers (K)', format: '~s' },
      { field: 'cv', title: 'coefficient of variation', format: '~g' },
      'theory',
      4,
    ),
  });
  story.claim(
    `The mixing hash functions follow theory within 35% at every K from 1 to 1,000 (${percent(off, 0)} at most)`,
    off < 0.35,
  );
  story.claim(
    `With 1,000 virtual servers the lab's Φ is still more than five times as uneven as theory allows (${at('phi', 1000).toFixed(2)})`,
    at('phi', 1000) > 5 * ringVariation(REPLICAS, 1000),
  );
}
