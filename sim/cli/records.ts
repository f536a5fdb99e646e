/** Recorded results as they are found in files: documents of `lab sim --json`, runs of a sweep, rows of its JSON lines or CSV. */
import { csvParse } from 'd3-dsv';
import { InputError } from '../../core/input-error.ts';
import { resultHash } from '../../core/provenance.ts';
import type { FileHashes, Made, Provenance } from '../../core/provenance.ts';
import { knobs } from '../../core/scenario.ts';
import type { Scenario } from '../../core/scenario.ts';
import { MADE_BY } from './sweep/row.ts';
import type { Row } from './sweep/row.ts';

/** A result that can be repeated. */
export interface Recorded {
  /** Where it stands: `runs[2]`, `line 7`, or nothing where the file is one result. */
  readonly where: string;
  readonly kind: 'result' | 'row' | 'cells';
  readonly scenario: Partial<Scenario>;
  /** The part that must come out again. */
  readonly content: Readonly<Record<string, unknown>>;
  readonly made: Partial<Made>;
  readonly files: FileHashes;
  /** Whether the content is not what its own hash says: it was changed after it was written. */
  readonly altered: boolean;
}

type Plain = Readonly<Record<string, unknown>>;

/** How a sweep's CSV begins, which has a line a run; that of `lab sim` has one a replica. */
const CSV_HEAD = 'scenarioHash,';

/**
 * Everything that a file records, in its order.
 * @throws InputError when it holds nothing that can be repeated
 */
export function recordsOf(text: string, path: string): Recorded[] {
  const whole = parse(text);
  if (isPlain(whole)) {
    if (!Array.isArray(whole.runs)) return [recordOf(whole, '', path)];
    return whole.runs.map((run: unknown, i) => recordOf(run, `runs[${i}]`, path));
  }
  if (text.startsWith(CSV_HEAD)) return csvParse(text).map((row, i) => ofCells(row, `row ${i + 1}`));
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) throw new InputError(`There is no result in '${path}'.`);
  return lines.map((line, i) => recordOf(parse(line), `line ${i + 1}`, path));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function recordOf(value: unknown, where: string, path: string): Recorded {
  const at = where === '' ? `'${path}'` : `${where} of '${path}'`;
  if (isPlain(value) && isPlain(value.scenario) && isPlain(value.provenance))
    return ofResult(value, where, at);
  if (isPlain(value) && typeof value.scenarioHash === 'string') return ofRow(value, where);
  throw new InputError(
    `${at[0].toUpperCase()}${at.slice(1)} is no recorded result: take what 'lab sim --json' printed, or a run, the JSON lines or the CSV of 'lab sweep'.`,
  );
}

function ofResult(value: Plain, where: string, at: string): Recorded {
  const content = without(value, ['provenance', 'node']);
  if (content.engine !== 'sim') throw new InputError(`${at} is of a live run, and only simulations repeat.`);
  const { resultHash: written, versions, commit, files = {} } = value.provenance as Partial<Provenance>;
  return {
    where,
    kind: 'result',
    scenario: content.scenario as Partial<Scenario>,
    content,
    made: { versions, commit },
    files,
    altered: resultHash(content) !== written,
  };
}

function ofRow(row: Plain, where: string): Recorded {
  const given = Object.entries(row).filter(([name]) => Object.hasOwn(knobs, name));
  const { evenly, commit } = row as { evenly?: string; commit?: string };
  return {
    where,
    kind: 'row',
    scenario: Object.fromEntries(given),
    content: without(row, MADE_BY),
    made: { ...(evenly !== undefined && { versions: { evenly } }), commit },
    files: {},
    altered: false,
  };
}

function ofCells(row: Readonly<Record<string, string>>, where: string): Recorded {
  return { ...ofRow(row, where), kind: 'cells', content: cellsOf(without(row, MADE_BY)) };
}

/** A row as CSV has it, all text, without the cells that are empty; in the order of another where one is given. */
export function cellsOf(row: Plain, order: Plain = {}): Plain {
  const cells = Object.entries(row as Row).map(
    ([name, cell]) => [name, cell === null ? '' : String(cell)] as const,
  );
  const filled = new Map(cells.filter(([, text]) => text !== ''));
  const names = [...Object.keys(order).filter((name) => filled.has(name)), ...filled.keys()];
  return Object.fromEntries(names.map((name) => [name, filled.get(name)]));
}

/** The same without some of its names. */
export function without(value: Plain, names: readonly string[]): Plain {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}
