/** `lab vnodes`: how many virtual nodes a ring needs for a load, or how often it fails with those that it has. */
import { csvFormat } from 'd3-dsv';
import { Command } from 'commander';
import { InputError } from '../../core/input-error.ts';
import { integer } from '../../core/knob.ts';
import { overloadProbability, vnodesFor } from '../../core/stats/ring-overload.ts';
import { tables } from '../../core/tables.ts';
import { listOf } from './lists.ts';
import { colours, columns, count, percent } from './terminal.ts';

interface Options {
  readonly replicas: string;
  readonly load: string;
  readonly safety: string;
  readonly vnodes?: string;
  readonly json?: true;
  readonly csv?: true;
}

/** A ring: its replicas, their offered load, and what was asked. */
interface Row {
  readonly replicas: number;
  readonly load: number;
  readonly vnodes: number;
  /** The chance that some replica is offered more than it can serve. */
  readonly overloaded: number;
}

/** So large that no table takes longer than seconds. */
const MOST_REPLICAS = 10_000;
const MOST_VNODES = 1_000_000;
const MOST_LOAD = 0.98;
const MOST_SAFETY = 0.9999;

/** The command. */
export function vnodesCommand(): Command {
  return new Command('vnodes')
    .option('--replicas <list>', 'numbers of replicas', '3,6,10,100,1000')
    .option('--load <list>', 'offered load, of what all replicas can serve', '0.6,0.7,0.8,0.9')
    .option('--safety <number>', 'chance with which no replica is overloaded', '0.99')
    .option('--vnodes <list>', 'tell the chance of an overload with so many, instead of the need')
    .option('--json', 'print JSON')
    .option('--csv', 'print CSV')
    .action((options: Options) => {
      if (options.json && options.csv) throw new InputError('Choose one of --json and --csv.');
      const rows = rowsOf(options);
      const machine = options.json ? JSON.stringify(rows, null, 2) : csvFormat(rows).trim();
      process.stdout.write(`${options.json || options.csv ? machine : inWords(rows, options)}\n`);
    });
}

function rowsOf({ replicas, load, safety, vnodes }: Options): Row[] {
  const safe = share('safety', safety, MOST_SAFETY);
  const sizes = listOf('replicas', replicas).map((text) => integer(1, MOST_REPLICAS)('replicas', text, tables)); // prettier-ignore
  const loads = listOf('load', load).map((text) => share('load', text, MOST_LOAD));
  const whole = integer(1, MOST_VNODES);
  const given =
    vnodes === undefined ? undefined : listOf('vnodes', vnodes).map((text) => whole('vnodes', text, tables));
  return sizes.flatMap((n) =>
    loads.flatMap((rho) =>
      (given ?? [vnodesFor(n, rho, safe)]).map((k) => ({
        replicas: n,
        load: rho,
        vnodes: k,
        overloaded: overloadProbability(n, k, rho),
      })),
    ),
  );
}

/** A number above 0 and up to `most`. */
function share(flag: string, text: string, most: number): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (value > 0 && value <= most) return value;
  throw new InputError(`--${flag} has '${text}', but must be a number above 0 and up to ${most}.`);
}

/** Columns are loads; a row is a number of replicas, and of virtual nodes where they were given. */
function inWords(rows: readonly Row[], { safety, vnodes }: Options): string {
  const loads = [...new Set(rows.map(({ load }) => load))];
  const lines = new Map<string, Row[]>();
  for (const row of rows) {
    const name = vnodes === undefined ? count(row.replicas) : `${count(row.replicas)} x ${count(row.vnodes)}`;
    lines.set(name, [...(lines.get(name) ?? []), row]);
  }
  const title =
    vnodes === undefined
      ? `Fewest virtual nodes a replica with which ${Number(safety) * 100}% of the rings overload nobody`
      : 'Chance that a ring (replicas x virtual nodes) overloads somebody';
  const cell = (row: Row): string => (vnodes === undefined ? count(row.vnodes) : percent(row.overloaded));
  const head = ['replicas', ...loads.map((load) => `${Math.round(load * 10_000) / 100}%`), ''];
  const body = [...lines].map(([name, found]) => [name, ...found.map(cell), '']);
  return `${colours.bold(title)}\n\n${columns(head, body, 0)}`;
}
