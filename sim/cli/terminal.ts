/** Text for a terminal: aligned columns, bars, numbers; colour only where it is wanted. */
import { isatty } from 'node:tty';
import Table from 'cli-table3';
import { createColors } from 'picocolors';

/** Colours for stdout: none when it is not a terminal, or NO_COLOR is set to anything. */
export const colours = createColors(isatty(1) && !process.env.NO_COLOR);

/** Columns to fill: the terminal's; where there is none, what COLUMNS says, or 100. */
export function width(): number {
  if (process.stdout.isTTY) return process.stdout.columns;
  const asked = Number(process.env.COLUMNS);
  return Number.isInteger(asked) && asked > 0 ? asked : 100;
}

/** Columns of text, numbers to the right, two spaces between. */
export function columns(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  textColumns: number,
): string {
  const bare = ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right', 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid']; // prettier-ignore
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, i) => (i < textColumns || i === head.length - 1 ? 'left' : 'right')),
    chars: { ...Object.fromEntries(bare.map((part) => [part, ''])), middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString().replace(/[ ]+$/gm, '');
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A horizontal bar of `share` (0 to 1) of the cells, to an eighth of a cell. */
export function bar(share: number, cells: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * cells * 8);
  return '█'.repeat(eighths >> 3) + EIGHTHS[eighths & 7];
}

/** 12,345. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** 12.3%. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

/** Three significant digits without an exponent, or a dash for nothing. */
export function number(value: number | null): string {
  if (value === null) return '–';
  const digits = value === 0 ? 2 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 4));
}

/** Four significant digits without an exponent, or a dash for nothing. */
export function precise(value: number | null): string {
  if (value === null) return '–';
  const digits = value === 0 ? 0 : Math.max(0, 3 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 6));
}
