/** Every table of the lab: what its entries say of themselves, the notation that picks from it, and its errors. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ownHash } from '../../core/hash/own.ts';
import { InputError, nearest } from '../../core/input-error.ts';
import { signature } from '../../core/table.ts';
import type { Table } from '../../core/table.ts';
import { tables } from '../../core/tables.ts';
import type { Entry, Parameter } from '../../core/types.ts';

const all = Object.values(tables) as Table<Entry<unknown>>[];
const entries = all.flatMap((table) =>
  table.entries.map((entry) => ({ what: `${table.kind} ${entry.name}`, table, entry })),
);

const anyArgument = ({ min, max, integer }: Parameter): fc.Arbitrary<number> =>
  integer
    ? fc.integer({ min: Math.max(min, -(2 ** 52)), max: Math.min(max, 2 ** 52) })
    : fc.double({ min, max, noNaN: true });

/** What an entry makes of legal numbers; some do not go together, such as the ends of a range in the wrong order. */
function madeOf(entry: Entry<unknown>, args: readonly number[]): string {
  try {
    return typeof entry.make(args);
  } catch (error) {
    if (error instanceof InputError) return 'turned down';
    throw error;
  }
}

describe.each(entries)('$what', ({ table, entry }) => {
  it('has a name to type, a clause that says what it does, and a source', () => {
    expect(entry.name).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    expect(entry.summary).toMatch(/^[a-z].*[^.]$/);
    expect(entry.source).not.toBe('');
    expect(table.entries.filter(({ name }) => name === entry.name)).toHaveLength(1);
  });

  it('has parameters with legal defaults and names of their own', () => {
    const parameters = entry.parameters ?? [];
    for (const { name, default: value, min, max, integer } of parameters) {
      expect(name).toMatch(/^[a-z]+$/);
      expect(value >= min && value <= max && (!integer || Number.isInteger(value))).toBe(true);
    }
    expect(new Set(parameters.map(({ name }) => name)).size).toBe(parameters.length);
    const defaults = parameters.map((parameter) => parameter.default);
    expect(madeOf(entry, defaults)).toMatch(/function|object/);
  });

  it('is picked by a notation that says all of it, and picks the same again', () => {
    fc.assert(
      fc.property(fc.tuple(...(entry.parameters ?? []).map(anyArgument)), fc.nat(9), (args, given) => {
        const first = table.choose(`${entry.name}(${args.slice(0, given).join(',')})`);
        const again = table.choose(first.spec);
        expect(again.spec).toBe(first.spec);
        expect(again.args.map((arg) => arg + 0)).toEqual(first.args.map((arg) => arg + 0));
        expect(first.args).toHaveLength(args.length);
        expect(madeOf(entry, first.args)).toMatch(/function|object|turned down/);
      }),
    );
  });

  it('turns down a number out of range, a word, a gap, and one too many', () => {
    const parameters = entry.parameters ?? [];
    for (const [i, { name, min, max }] of parameters.entries()) {
      const before = parameters.slice(0, i).map((parameter) => `${parameter.default},`);
      for (const bad of [String(min - 1), String(max * 2 + 1), 'x', '', 'NaN', 'Infinity']) {
        const spec = `${entry.name}(${before.join('')}${bad},`.replace(/,$/, bad === '' ? ',)' : ')');
        expect(() => table.choose(spec)).toThrow(InputError);
        if (bad === '') continue;
        expect(() => table.choose(spec)).toThrow(`has '${bad}' for ${name}, which must be`);
        expect(() => table.choose(spec)).toThrow(`from ${min} to ${max}`);
      }
    }
    const tooMany = `${entry.name}(${Array(parameters.length + 1)
      .fill('1')
      .join(',')})`;
    expect(() => table.choose(tooMany)).toThrow(`has ${parameters.length + 1} numbers`);
  });
});

describe.each(all.map((table) => ({ kind: table.kind, table })))('the table of each $kind', ({ table }) => {
  it('names the value, the legal ones and the nearest in its error', () => {
    const [{ name }] = table.entries;
    const slip = `${name}x`;
    expect(() => table.choose(slip)).toThrow(InputError);
    expect(() => table.choose(slip)).toThrow(`no ${table.kind} '${slip}'`);
    expect(() => table.choose(slip)).toThrow(table.entries.map(signature).join(', '));
    expect(() => table.choose(slip)).toThrow(`the nearest is '${name}'`);
  });

  it.each(['', '(', ')', '()', 'a(', 'a)', 'a(1)(2)', 'a(1', '(1)', 'a b'])('turns down "%s"', (spec) => {
    expect(() => table.choose(spec)).toThrow(InputError);
  });

  it('is in the order of the names', () => {
    const names = table.entries.map(({ name }) => name);
    expect(names).toEqual([...names].sort());
  });
});

describe('the notation', () => {
  it('allows spaces, defaults, and an empty list', () => {
    const specs = ['poly', 'poly()', ' poly ( 1 , 2 ) ', 'poly(1,2,17)', 'poly(1e0,2.0,17)'];
    expect(specs.map((spec) => tables.hashes.choose(spec).spec)).toEqual(specs.map(() => 'poly(1,2,17)'));
  });

  it('takes an entry of one’s own by its whole name, also in place of the lab’s', () => {
    const mine = ownHash('./my (own) hash.ts', () => 7);
    const longer = tables.hashes.with(mine);
    expect(longer.choose('./my (own) hash.ts')).toMatchObject({ entry: mine, spec: './my (own) hash.ts' });
    expect(tables.hashes.entries).not.toContain(mine);
    const md5 = { ...mine, name: 'md5' };
    const replaced = tables.hashes.with(md5);
    expect(replaced.choose('md5').entry).toBe(md5);
    expect(replaced.entries).toHaveLength(tables.hashes.entries.length);
  });

  it('finds the nearest name where a hand has slipped, and by its beginning', () => {
    const legal = ['poly(a,b,c)', 'md5', 'murmur3', 'sha256'];
    expect(['mumur3', 'MD5', 'poli(1,2)', 'sha-256'].map((name) => nearest(name, legal))).toEqual([
      'murmur3',
      'md5',
      'poly',
      'sha256',
    ]);
    expect(nearest('leest', ['by-key', 'random', 'least-request'])).toBe('least-request');
  });
});

describe('named numbers', () => {
  it('stand in any order, as the listing shows them', () => {
    const { spec } = tables.hashes.choose('poly(a=1,b=2,c=17)');
    expect([spec, tables.hashes.choose('poly(c=5)').spec]).toEqual(['poly(1,2,17)', 'poly(1,2,5)']);
    expect(() => tables.hashes.choose('poly(d=5)')).toThrow(/'d=5', but poly takes poly\(a,b,c\)/);
  });
});
