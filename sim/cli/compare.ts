/** `lab compare`: the seven measures of consistent hashing schemes, side by side, at every number of replicas. */
import { csvFormat } from 'd3-dsv';
import { Command } from 'commander';
import { InputError } from '../../core/input-error.ts';
import { integer } from '../../core/knob.ts';
import { probings } from '../../core/placement/probing.ts';
import { stream } from '../../core/random/stream.ts';
import { hashOf } from '../../core/resolve.ts';
import { measure } from '../../core/stats/measures.ts';
import { timings } from '../../core/stats/timing.ts';
import { tables } from '../../core/tables.ts';
import type { Placement, PlacementEntry, Replica } from '../../core/types.ts';
import { listOf } from './lists.ts';
import { colours, columns, count, number, percent } from './terminal.ts';

/** A scheme at a number of replicas. */
export interface Compared {
  readonly placement: string;
  readonly replicas: number;
  readonly keys: number;
  /** Of the shares of positions, or those that a perfect hash would give; null where only keys can tell. */
  readonly exactPeakToMean: number | null;
  readonly exactCv: number | null;
  /** Of the keys placed. */
  readonly peakToMean: number;
  readonly cv: number;
  readonly resizePeakToMean: number;
  readonly necessary: number;
  readonly collateral: number;
  readonly lookupNs: number;
  readonly initMs: number;
  readonly resizeUs: number;
  readonly memoryBytes: number | null;
}

interface Options {
  readonly placements: string;
  readonly replicas: string;
  readonly vnodes: string;
  readonly keys: string;
  readonly requestHash: string;
  readonly serverHash: string;
  readonly seed: string;
  readonly json?: true;
  readonly csv?: true;
}

const MOST_REPLICAS = 1_000_000;
const MOST_SLOTS = 1 << 24;
/** Draws that a scheme which looks at every replica may make for all keys: about a second. */
const MOST_DRAWS = 1e8;

/** The command. */
export function compareCommand(): Command {
  return new Command('compare')
    .option('--placements <list>', 'placements, as in `lab list`', names().join(','))
    .option('--replicas <list>', 'numbers of replicas', '3,10,100,1000')
    .option('--vnodes <integer>', 'virtual nodes a replica, where a placement has them', '100')
    .option('--keys <integer>', 'keys to place', '200000')
    .option('--request-hash <name>', 'hash of a key', 'murmur3')
    .option('--server-hash <name>', 'hash of a replica or virtual node', 'xxhash32')
    .option('--seed <integer>', 'seed of the keys', '42')
    .option('--json', 'print JSON')
    .option('--csv', 'print CSV')
    .action((options: Options) => {
      if (options.json && options.csv) throw new InputError('Choose one of --json and --csv.');
      const rows = compare(options);
      const machine = options.json ? JSON.stringify(rows, null, 2) : csvFormat(rows).trim();
      process.stdout.write(`${options.json || options.csv ? machine : inWords(rows)}\n`);
    });
}

function names(): string[] {
  return tables.placements.entries.map(({ name }) => name);
}

/** Every scheme at every size, in the order asked. */
function compare(options: Options): Compared[] {
  const whole = (flag: string, text: string, least: number, most: number): number => integer(least, most)(flag, text, tables); // prettier-ignore
  const specs = listOf('placements', options.placements);
  for (const spec of specs) tables.placements.choose(spec);
  const sizes = listOf('replicas', options.replicas).map((text) => whole('replicas', text, 2, MOST_REPLICAS));
  const setting = {
    vnodes: whole('vnodes', options.vnodes, 1, 10_000),
    requestHash: hashOf(options.requestHash),
    serverHash: hashOf(options.serverHash),
  };
  const random = stream(whole('seed', options.seed, 0, Number.MAX_SAFE_INTEGER), 'keys');
  const keys = Int32Array.from({ length: whole('keys', options.keys, 1, 10_000_000) }, () => Math.floor(random() * 0x7fff_ffff)); // prettier-ignore
  const cases = sizes.flatMap((replicas) => specs.map((spec) => ({ spec, replicas })));
  return cases.map(({ spec, replicas }, i) => {
    process.stderr.write(`${i + 1} of ${cases.length}: ${spec}, ${count(replicas)} replicas\n`);
    return compareOne(spec, replicas, setting, keys);
  });
}

type Setting = Pick<Parameters<ReturnType<PlacementEntry['make']>>[0], 'vnodes' | 'requestHash' | 'serverHash'>; // prettier-ignore

function compareOne(spec: string, replicas: number, setting: Setting, all: Int32Array): Compared {
  const { entry, args } = tables.placements.choose(spec);
  const suited = spec === entry.name ? (entry.suiting?.(replicas) ?? args) : args;
  const wanted = 2 ** Math.ceil(Math.log2(2 * replicas * setting.vnodes));
  const slots = Math.min(MOST_SLOTS, wanted);
  const build = entry.make(suited);
  const make = (): Placement => build({ ...setting, slots, vnodeFrom: 0, probing: probings.linear });
  const keys = entry.linear ? all.slice(0, Math.max(1, Math.floor(MOST_DRAWS / replicas))) : all;
  const fleet = Array.from({ length: replicas }, (_, id): Replica => ({ handle: id, id, name: `S${id + 1}`, weight: 1 })); // prettier-ignore
  const { balance, exact, resizeBalance, necessary, collateral, memoryBytes } = measure(make(), entry.can, fleet, keys); // prettier-ignore
  const timed = timings(make, entry.can, fleet, keys, () => performance.now());
  const placement = suited.length === 0 ? entry.name : `${entry.name}(${suited.join(',')})`;
  return {
    placement,
    replicas,
    keys: keys.length,
    exactPeakToMean: exact?.peakToMean ?? null,
    exactCv: exact?.coefficientOfVariation ?? null,
    peakToMean: balance.peakToMean,
    cv: balance.coefficientOfVariation,
    resizePeakToMean: resizeBalance.peakToMean,
    necessary,
    collateral,
    ...{ lookupNs: timed.lookupNs, initMs: timed.initMs, resizeUs: timed.resizeUs },
    memoryBytes: memoryBytes ?? null,
  };
}

/** A table a number of replicas. */
function inWords(rows: readonly Compared[]): string {
  const head = ['placement', 'exact peak/mean', 'exact cv', 'keys', 'peak/mean', 'cv', 'peak/mean after', 'necessary', 'collateral', 'lookup ns', 'init ms', 'resize µs', 'memory']; // prettier-ignore
  const sizes = [...new Set(rows.map(({ replicas }) => replicas))];
  const sections = sizes.map((size) => {
    const lines = rows.filter(({ replicas }) => replicas === size).map((row) => [...cells(row), '']);
    return `${colours.bold(`${count(size)} replicas`)}\n${columns([...head, ''], lines, 1)}\n${sampled(size, rows)}`;
  });
  return sections.join('\n\n');
}

/** What a sample of so many keys adds: even a perfect hash gives their counts this variation. */
function sampled(replicas: number, rows: readonly Compared[]): string {
  const keys = [...new Set(rows.filter((row) => row.replicas === replicas).map((row) => row.keys))];
  const luck = keys.map((n) => `${Math.sqrt((replicas - 1) / n).toFixed(3)} with ${count(n)} keys`);
  return `luck of the keys: cv ${luck.join(', ')} under a perfect hash; exact columns have no sample in them`;
}

function cells(row: Compared): string[] {
  const shares = [percent(row.necessary), percent(row.collateral)];
  const times = [row.lookupNs, row.initMs, row.resizeUs].map(number);
  const exact = [row.exactPeakToMean, row.exactCv].map((value) => value?.toFixed(3) ?? '–');
  const memory = row.memoryBytes === null ? '–' : bytes(row.memoryBytes);
  return [row.placement, ...exact, count(row.keys), row.peakToMean.toFixed(3), row.cv.toFixed(3), row.resizePeakToMean.toFixed(3), ...shares, ...times, memory]; // prettier-ignore
}

/** 12 B, 3.4 KB, 5.6 MB. */
function bytes(value: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  const power = value < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(value) / 3));
  return `${power === 0 ? value : (value / [1, 1e3, 1e6, 1e9][power]).toFixed(1)} ${units[power]}`;
}
