/** The rows of a finished sweep as CSV, JSON lines and Parquet: the same bytes, whoever ran it and with however many. */
import { join } from 'node:path';
import { csvFormat } from 'd3-dsv';
import { writeWhole } from './folder.ts';
import { columnsOf } from './row.ts';
import type { Cell, Row } from './row.ts';

/** Writes `results.csv`, `results.jsonl` and `results.parquet` into the folder; gives their paths. */
export async function exportRows(folder: string, rows: readonly Row[], writer: string): Promise<string[]> {
  const columns = columnsOf(rows);
  const files: [string, string | Uint8Array][] = [
    ['results.csv', `${csvFormat([...rows], columns)}\n`],
    ['results.jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join('')],
    ['results.parquet', await parquet(rows, columns)],
  ];
  return files.map(([name, content]) => {
    const path = join(folder, name);
    writeWhole(folder, path, content, writer);
    return path;
  });
}

/** Numbers as DOUBLE, which holds every integer that a result can have; a column with any text in it as STRING. */
async function parquet(rows: readonly Row[], columns: readonly string[]): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const columnData = columns.map((name) => {
    const cells = rows.map((row): Cell => row[name] ?? null);
    const kinds = new Set(cells.filter((cell) => cell !== null).map((cell) => typeof cell));
    if (kinds.size === 1 && kinds.has('number')) return { name, data: cells, type: 'DOUBLE' as const };
    if (kinds.size === 1 && kinds.has('boolean')) return { name, data: cells, type: 'BOOLEAN' as const };
    return {
      name,
      data: cells.map((cell) => (cell === null ? null : String(cell))),
      type: 'STRING' as const,
    };
  });
  return new Uint8Array(parquetWriteBuffer({ columnData, createdBy: 'evenly' }));
}
