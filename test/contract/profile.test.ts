/** What every profile of the table does as servers go, come and are reweighted, against slow and plain readings. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../core/profile/bytes-hash.ts';
import { serverLine } from '../../core/profile/servers.ts';
import { NOBODY } from '../../core/profile/types.ts';
import type { ProfileEntry, ProfileOptions, Scheme, ServerLine } from '../../core/profile/types.ts';
import { tables } from '../../core/tables.ts';
import * as slowKeys from './slow-keys.ts';
import type { SlowKeys } from './slow-keys.ts';
import * as slowTurns from './slow-turns.ts';
import type { SlowTurns } from './slow-turns.ts';

/** Small tables, so that a slow reading is quick enough. */
const options: Readonly<Record<string, ProfileOptions>> = {
  'envoy-ring-hash': { minimum: 64 },
  'envoy-maglev': { table: 101 },
};

const byKey: Readonly<Record<string, SlowKeys>> = {
  'nginx-hash': slowKeys.nginxHash,
  'nginx-ip-hash': slowKeys.nginxIpHash,
  'nginx-ketama': slowKeys.nginxKetama,
  'haproxy-consistent': slowKeys.haproxyConsistent,
  'haproxy-map-based': slowKeys.haproxyMap,
  'envoy-ring-hash': slowKeys.envoyRing(64),
  'envoy-maglev': slowKeys.envoyMaglev(101),
  libketama: slowKeys.ketama('md5', 'first'),
  libmemcached: slowKeys.ketama('md5', 'first'),
  twemproxy: slowKeys.ketama('fnv', 'first'),
  spymemcached: slowKeys.ketama('md5', 'last'),
};

const byTurns: Readonly<Record<string, (lines: readonly ServerLine[]) => SlowTurns>> = {
  'nginx-round-robin': slowTurns.nginxRoundRobin,
  'nginx-least-conn': slowTurns.nginxLeastConn,
  'haproxy-leastconn': slowTurns.haproxyLeastConn,
  'haproxy-first': slowTurns.haproxyFirst,
  'haproxy-static-rr': slowTurns.haproxyStatic,
};

const keys = Array.from({ length: 12 }, (_, i) => `192.0.${i * 17}.${i}`);
const anyWeights = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 5 });
const anyMoves = fc.array(fc.nat(9999), { minLength: 1, maxLength: 12 });
const RUNS = { numRuns: 8 };

type Lines = { -readonly [K in keyof ServerLine]: ServerLine[K] }[];

/** A scheme and the lines that say how its servers stand, which `move` changes together. */
class Fleet {
  readonly lines: Lines;
  readonly scheme: Scheme;
  readonly weights: readonly number[];
  readonly #entry: ProfileEntry;

  constructor(entry: ProfileEntry, weights: readonly number[]) {
    this.weights = weights;
    this.#entry = entry;
    this.lines = weights.map((weight, i) => serverLine(`10.0.0.${i + 1}:80`, { weight }));
    const given = this.lines.map((line) => ({ ...line }));
    this.scheme = entry.make([])(given, options[entry.name]);
  }

  /** Does what the number says; returns the server that it changed. */
  move(number: number): number {
    const server = number % this.lines.length;
    if (number % 3 === 0 && this.#entry.can.reweights) this.#reweigh(server, 1 + (number % 7));
    else this.#turn(server, !this.lines[server].down);
    return server;
  }

  #reweigh(server: number, wanted: number): void {
    const weight = wanted === this.lines[server].weight ? wanted + 1 : wanted;
    this.lines[server].weight = weight;
    this.scheme.setWeight(server, weight);
  }

  #turn(server: number, down: boolean): void {
    this.lines[server].down = down;
    this.scheme.setDown(server, down);
  }
}

const entries = tables.profiles.entries.map((entry) => ({ name: entry.name, entry }));

describe.each(entries.filter(({ entry }) => entry.can.keys))('$name', ({ name, entry }) => {
  it('decides as the slow reference does, through any leaves, returns and weights', () => {
    fc.assert(
      fc.property(anyWeights, anyMoves, (weights, moves) => {
        const fleet = new Fleet(entry, weights);
        for (const number of moves) {
          fleet.move(number);
          for (const key of keys) {
            const found = fleet.scheme.locate(utf8(key));
            expect([key, found]).toEqual([key, byKey[name](fleet.lines, key, weights)]);
          }
        }
      }),
      RUNS,
    );
  });
});

const turning = entries.filter(({ entry }) => !entry.can.keys);

describe.each(turning.filter(({ name }) => name !== 'haproxy-roundrobin'))('$name', ({ name, entry }) => {
  it('takes turns as the slow reference does, with requests in flight', () => {
    fc.assert(
      fc.property(anyWeights, anyMoves, (weights, moves) => {
        const fleet = new Fleet(entry, weights);
        const slow = byTurns[name](fleet.lines);
        const open: number[] = [];
        const finish = (): void => {
          const server = open.shift();
          if (server === undefined) return;
          fleet.scheme.finished(server);
          slow.finished(server);
        };
        const pick = (): void => {
          const found = fleet.scheme.pick(utf8('key'));
          expect(found).toBe(slow.pick());
          if (found === NOBODY) return;
          fleet.scheme.started(found);
          slow.started(found);
          open.push(found);
        };
        for (const number of moves) {
          for (let n = number % 6; n > 0; n--) pick();
          for (let n = number % 4; n > 0; n--) finish();
          slow.changed(fleet.move(number));
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('haproxy-roundrobin', () => {
  const { entry } = tables.profiles.choose('haproxy-roundrobin');

  /** Its order follows its whole past, and is held to recordings of the real one; this is what any order must keep. */
  it('gives each server its part of every window, once changes are two windows ago', () => {
    fc.assert(
      fc.property(anyWeights, anyMoves, (weights, moves) => {
        const fleet = new Fleet(entry, weights);
        for (const number of moves) {
          fleet.move(number);
          for (let n = number % 6; n > 0; n--) fleet.scheme.pick(utf8('key'));
        }
        const up = fleet.lines.filter(({ down }) => !down);
        const total = up.reduce((sum, { weight }) => sum + weight, 0);
        for (let n = 0; n < 40 * total; n++) fleet.scheme.pick(utf8('key'));
        const counts = fleet.lines.map(() => 0);
        for (let n = 0; n < 16 * total; n++) {
          const found = fleet.scheme.pick(utf8('key'));
          if (found !== NOBODY) counts[found]++;
        }
        fleet.lines.forEach(({ weight, down }, i) => {
          expect(Math.abs(counts[i] - (down ? 0 : 16 * weight))).toBeLessThanOrEqual(down ? 0 : 1);
        });
      }),
      { numRuns: 100 },
    );
  });
});
