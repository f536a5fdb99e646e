/** every placement by what it costs to be even: balance, moves when a tenth leaves, and memory. */
import { probings } from '../core/placement/probing.ts';
import { stream } from '../core/random/stream.ts';
import { hashOf } from '../core/resolve.ts';
import { measure } from '../core/stats/measures.ts';
import type { Measures } from '../core/stats/measures.ts';
import { tables } from '../core/tables.ts';
import type { Replica } from '../core/types.ts';
import { barGroups } from './charts/bars.ts';
import { experiment } from './lab.ts';
import { heatMap } from './render/heat-map.ts';
import type { Story } from './story.ts';
import { count, list, percent } from './wording.ts';

const SIZES = [3, 10, 100, 1000];
const KEYS = 100_000;
const VNODES = 100;
/** The size at which the charts of moves are drawn. */
const TYPICAL = 100;

const meta = {
  title: 'A-5: placements side by side',
  question: 'Which scheme is even, moves little and stays small, and what does it give up for that?',
};

interface Found extends Measures {
  readonly name: string;
  readonly replicas: number;
}

export default experiment(meta, (story, lab) => {
  const random = stream(lab.seed, 'keys');
  const keys = Int32Array.from({ length: KEYS }, () => Math.floor(random() * 0x7fff_ffff));
  const found = SIZES.flatMap((replicas) =>
    tables.placements.entries.map(({ name }) => ({ name, replicas, ...measured(name, replicas, keys) })),
  );
  tellBalance(story, found);
  story.words('## A tenth of the replicas leaves');
  tellMoves(story, found);
  story.words('## What it takes');
  tellMemory(story, found);
});

function measured(name: string, replicas: number, keys: Int32Array): Measures {
  const { entry, args } = tables.placements.choose(name);
  const slots = 2 ** Math.ceil(Math.log2(2 * replicas * VNODES));
  const build = entry.make(entry.suiting?.(replicas) ?? args);
  const [requestHash, serverHash] = [hashOf('murmur3'), hashOf('xxhash32')];
  const placement = build({ slots, vnodes: VNODES, vnodeFrom: 0, probing: probings.linear, requestHash, serverHash }); // prettier-ignore
  const fleet = Array.from({ length: replicas }, (_, id): Replica => ({ handle: id, id, name: `S${id + 1}`, weight: 1 })); // prettier-ignore
  return measure(placement, entry.can, fleet, keys);
}

/** What 100,000 keys over n replicas would deviate by if each drew its replica: nothing can look more even for long. */
function luck(replicas: number): number {
  return Math.sqrt((replicas - 1) / KEYS);
}

function tellBalance(story: Story, found: readonly Found[]): void {
  const rows = found.map(({ name, replicas, balance }) => ({
    placement: name,
    replicas: count(replicas),
    cv: balance.coefficientOfVariation,
  }));
  const cvOf = (name: string, replicas: number): number =>
    found.find((row) => row.name === name && row.replicas === replicas)?.balance.coefficientOfVariation ?? 0;
  const even = namesWhere(found, (row) => row.balance.coefficientOfVariation < 3 * luck(row.replicas));
  story.words(
    `${count(KEYS)} keys, hashed by murmur3; servers by xxHash, ${VNODES} virtual nodes each where a scheme has them. The number is the coefficient of variation of the keys a replica: luck alone would make it ${percent(luck(10))} at 10 replicas and ${percent(luck(1000))} at 1,000. ${list(even)} stay near that luck everywhere. The rings do not: ${VNODES} points a replica leave 1/√${VNODES} = 10%, however many keys come. Multi-probe's single point leaves 15% (its share is 1 - u^20 of a full one, u uniform), though all of it below: no replica gets more than 21/20.`,
  );
  story.chart({
    id: 'balance',
    title: 'Points on a circle cost evenness',
    subtitle: `coefficient of variation of the keys a replica, ${count(KEYS)} keys; 0 is even`,
    caption: 'Every placement at 3 to 1,000 replicas. Dark is uneven.',
    rows,
    width: SIZES.length * 70,
    height: tables.placements.entries.length * 30,
    spec: heatMap({
      x: { field: 'replicas', title: 'replicas' },
      y: { field: 'placement', title: 'placement' },
      value: { field: 'cv', title: 'variation', format: '.1%' },
      domain: [0, 0.25],
    }),
  });
  story.claim(
    `A ring with ${VNODES} virtual nodes varies by about 10% (${percent(cvOf('ring', 1000))} at 1,000)`,
    Math.abs(cvOf('ring', 1000) - Math.hypot(0.1, luck(1000))) < 0.02,
  );
  story.claim(
    'Anchor, dx, jump, Maglev, memento and rendezvous vary by no more than luck',
    ['anchor', 'dx', 'jump', 'maglev', 'memento', 'rendezvous'].every((name) => even.includes(name)),
  );
}

function namesWhere(found: readonly Found[], holds: (row: Found) => boolean): string[] {
  const names = tables.placements.entries.map(({ name }) => name);
  return names.filter((name) => found.filter((row) => row.name === name).every(holds));
}

function tellMoves(story: Story, found: readonly Found[]): void {
  const typical = found.filter(({ replicas }) => replicas === TYPICAL);
  const kinds = ['necessary', 'collateral'] as const;
  const rows = typical.flatMap((row) =>
    kinds.map((kind) => ({ placement: row.name, kind, share: row[kind], due: 0.1 })),
  );
  const still = namesWhere(found, (row) => row.collateral === 0);
  const maglev = typical.find(({ name }) => name === 'maglev')?.collateral ?? 1;
  const modulo = typical.find(({ name }) => name === 'modulo')?.collateral ?? 0;
  story.words(
    `Keys whose replica left have to move; that is a tenth. Whatever else moves is collateral. ${list(still)} move nothing else, at any size. Maglev moves ${percent(maglev)} at ${TYPICAL} replicas for its even table, and modulo ${percent(modulo)}. Binomial, flip, jump, jumpback and power pay with this: only the replica that joined last can leave.`,
  );
  story.chart({
    id: 'moves',
    title: 'Modulo moves nearly all, Maglev a little, the others only what they must',
    subtitle: `share of the keys that move when ${TYPICAL / 10} of ${TYPICAL} replicas leave`,
    caption:
      'Dotted: the tenth that left. Necessary: the replica of the key left. Collateral: it stayed, and the key moved all the same.',
    rows,
    width: 620,
    height: tables.placements.entries.length * 28,
    spec: barGroups(
      { field: 'placement', title: null },
      { field: 'share', title: 'keys that move', format: '.0%' },
      { field: 'kind', title: null },
      'due',
    ),
  });
  const promised = tables.placements.entries.filter(({ can }) => can.monotone).map(({ name }) => name);
  story.claim(
    `The ${promised.length} placements that promise it move only what they must`,
    promised.every((name) => still.includes(name)),
  );
  story.claim(
    `Maglev's collateral stays below 5% of the keys (${percent(maglev)})`,
    maglev > 0 && maglev < 0.05,
  );
  story.claim(`Modulo moves more than four keys of five (${percent(modulo)})`, modulo > 0.8);
}

function tellMemory(story: Story, found: readonly Found[]): void {
  const rows = found.map(({ name, replicas, memoryBytes }) => ({
    placement: name,
    replicas: count(replicas),
    kilobytes: (memoryBytes ?? 0) / 1000,
  }));
  const bytesOf = (name: string): number =>
    found.find((row) => row.name === name && row.replicas === 1000)?.memoryBytes ?? 0;
  story.words(
    `The tables behind a lookup, in kilobytes as they are computed, a handle a replica included. At 1,000 replicas the ring keeps ${count(Math.round(bytesOf('ring') / 1000))} KB, Maglev ${count(Math.round(bytesOf('maglev') / 1000))} KB, anchor ${count(Math.round(bytesOf('anchor') / 1000))} KB with room for as many again, and jump nothing but its ${count(bytesOf('jump'))} bytes of handles. Times are not drawn here, since they are another machine's tomorrow: see \`lab compare\` and \`npm run bench\`.`,
  );
  story.chart({
    id: 'memory',
    title: 'Points on a circle cost memory too',
    subtitle: `kilobytes of tables, ${VNODES} virtual nodes a replica where there are any`,
    caption: 'Light is small; the scale ends at 500 KB.',
    rows,
    width: SIZES.length * 80,
    height: tables.placements.entries.length * 30,
    spec: heatMap({
      x: { field: 'replicas', title: 'replicas' },
      y: { field: 'placement', title: 'placement' },
      value: { field: 'kilobytes', title: 'KB', format: ',.3~r' },
      domain: [0, 500],
    }),
  });
  story.claim(
    `At 1,000 replicas a ring takes over 100 times the memory of jump (${count(Math.round(bytesOf('ring') / bytesOf('jump')))} times)`,
    bytesOf('ring') > 100 * bytesOf('jump'),
  );
}
