/** Who may import whom: the rules that keep the core pure and the two engines apart, read off the import statements. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Import {
  readonly from: string;
  /** A path from the root for the project's own files, else the name as written. */
  readonly to: string;
  readonly own: boolean;
}

function filesIn(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => /\.(ts|mts|js|mjs)$/.test(file) && !/node_modules|image\/app/.test(file));
}

/** Every module that a file names: import and export from, import for effect, import(). */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const statements =
    /^(?:import|export)\b(?:[^'";]*?\bfrom)?\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;
  const named = [...text.matchAll(statements)].map(([, stated, called]) => stated || called);
  return named.map((name) => {
    const own = name.startsWith('.');
    return { from: file, to: own ? normalize(join(dirname(file), name)) : name, own };
  });
}

const importsIn = (folder: string): Import[] => filesIn(folder).flatMap(importsOf);
const inCli = ({ from }: Import): boolean => from.split('/').includes('cli');
const within = (path: string, folders: readonly string[]): boolean =>
  folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
const shown = (found: readonly Import[]): string[] => found.map(({ from, to }) => `${from} imports ${to}`);

/** Pure packages that run in a browser as they are. */
const PURE = ['@noble/hashes', 'fastest-levenshtein', 'seedrandom/lib/alea.js', 'yaml'];

describe('imports', () => {
  it('are found at all', () => {
    expect(importsIn('core').length).toBeGreaterThan(100);
    expect(shown(importsIn('core'))).toContain('core/hash/md5.ts imports @noble/hashes/legacy.js');
    expect(shown(importsIn('sim'))).toContain('sim/run.ts imports core/resolve.ts');
  });

  it('of core stay in core, but for pure packages: it runs in a browser', () => {
    const foreign = importsIn('core').filter(({ to, own }) => !within(to, own ? ['core'] : PURE));
    expect(shown(foreign)).toEqual([]);
  });

  it.each([
    ['sim', ['sim', 'core']],
    ['live', ['live', 'core']],
  ])('of %s stay in %s: the engines never meet', (folder, allowed) => {
    const foreign = importsIn(folder).filter(({ to, own }) => own && !within(to, allowed));
    expect(shown(foreign)).toEqual([]);
  });

  it('of sim have no package and nothing of Node, but for its command line', () => {
    const outside = importsIn('sim').filter((found) => !found.own && !inCli(found));
    expect(shown(outside)).toEqual([]);
  });

  it('of a folder’s command line are its own affair', () => {
    const inwards = ['core', 'sim', 'live'].flatMap(importsIn).filter((found) => found.own && !inCli(found));
    expect(shown(inwards.filter(({ to }) => to.split('/').includes('cli')))).toEqual([]);
  });

  it('of replica are nothing of the project and no package: it is one file', () => {
    const foreign = importsIn('replica').filter(({ to, own }) =>
      own ? !within(to, ['replica']) : !to.startsWith('node:'),
    );
    expect(shown(foreign)).toEqual([]);
  });

  it('of notebooks are of core and the engines, and nothing imports them but the command line', () => {
    const engines = ['notebooks', 'core', 'sim', 'live', 'package.json'];
    const foreign = importsIn('notebooks').filter(({ to, own }) => own && !within(to, engines));
    expect(shown(foreign)).toEqual([]);
    const users = ['core', 'sim', 'live', 'replica'].flatMap(importsIn);
    expect(
      shown(users.filter(({ to, own }) => own && within(to, ['notebooks', 'lab.ts', 'test', 'bench']))),
    ).toEqual([]);
  });

  it('name files with their suffix, which exist', () => {
    const own = ['core', 'sim', 'live', 'notebooks', 'replica', 'test']
      .flatMap(importsIn)
      .filter((i) => i.own);
    expect(shown(own.filter(({ to }) => !existsSync(join(root, to))))).toEqual([]);
  });
});

describe('inside core', () => {
  /** Each layer may import itself and the layers before it; what stands alone belongs to the first. */
  const layers: readonly (readonly string[])[] = [
    ['core/types.ts', 'core/input-error.ts', 'core/table.ts'],
    ['core/hash', 'core/random', 'core/stats'],
    ['core/placement'],
    ['core/policy', 'core/profile'],
    ['core/config'],
    ['core/tables.ts', 'core/knob.ts', 'core/knobs', 'core/scenario.ts', 'core/resolve.ts', 'core/result.ts'],
  ];
  const layerOf = (path: string): number => layers.findIndex((layer) => within(path, layer));
  /** Folders of one layer that do not know each other either. */
  const apart = ['core/hash', 'core/random', 'core/stats'];

  it('every file has a layer, or is of the last', () => {
    const unplaced = filesIn('core').filter((file) => layerOf(file) < 0 && dirname(file) !== 'core');
    expect(unplaced).toEqual([]);
  });

  it('imports go down: types, then hash, random and stats, then placement, policy, and scenario', () => {
    const rank = (path: string): number => (layerOf(path) + layers.length) % layers.length;
    const up = importsIn('core').filter(
      ({ from, to, own }) => own && layerOf(to) >= 0 && rank(to) > rank(from),
    );
    expect(shown(up)).toEqual([]);
  });

  it('hash, random and stats do not know each other', () => {
    const across = importsIn('core').filter(({ from, to }) => {
      const [home, target] = [from, to].map((path) => apart.find((folder) => within(path, [folder])));
      return home !== undefined && target !== undefined && home !== target;
    });
    expect(shown(across)).toEqual([]);
  });
});
