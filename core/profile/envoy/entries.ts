/** Envoy's ring_hash and maglev as lines of the table of profiles. */
import { InputError } from '../../input-error.ts';
import type { ProfileEntry } from '../types.ts';
import { maglevOf } from './maglev.ts';
import { ringOf } from './ring.ts';
import { envoyScheme } from './scheme.ts';

const MOST_ENTRIES = 8_388_608;
const MOST_SLOTS = 5_000_011;
const RING = { hash: 'xx-hash', minimum: 1024, maximum: MOST_ENTRIES, factor: 0, panic: 50 };
const MAGLEV = { table: 65_537, factor: 0, panic: 50 };

export const envoyRingHash: ProfileEntry = {
  name: 'envoy-ring-hash',
  summary: 'is Envoy with RING_HASH: entries in proportion to weight, the first one at or after the key',
  source: 'Envoy 1.3x, ring_hash_lb.cc and thread_aware_lb_impl.cc',
  can: { removes: 'any', weights: true, keys: true, state: 'load', reweights: true },
  options: RING,
  choices: { hash: ['xx-hash', 'murmur-hash-2'] },
  make:
    () =>
    (servers, given = {}) => {
      const options = { ...RING, ...given };
      const { minimum, maximum } = options;
      if (minimum > maximum || maximum > MOST_ENTRIES)
      throw new InputError(`The ring is to have ${minimum} to ${maximum} entries; Envoy takes a minimum up to the maximum, and at most ${MOST_ENTRIES}.`); // prettier-ignore
      const ring = { minimum, maximum, murmur: options.hash === 'murmur-hash-2' };
      return envoyScheme(servers, options, (hosts) => ringOf(hosts, ring));
    },
};

export const envoyMaglev: ProfileEntry = {
  name: 'envoy-maglev',
  summary: 'is Envoy with MAGLEV: a table that hosts fill in turns, by weight; the hash modulo its size',
  source: 'Envoy 1.3x, maglev_lb.cc; Eisenbud et al. 2016, Maglev',
  can: { removes: 'any', weights: true, keys: true, state: 'load', reweights: true },
  options: MAGLEV,
  make:
    () =>
    (servers, given = {}) => {
      const options = { ...MAGLEV, ...given };
      const { table } = options;
      if (!isPrime(table) || table > MOST_SLOTS)
        throw new InputError(`The table is to have ${table} slots; Envoy takes a prime up to ${MOST_SLOTS}.`);
      return envoyScheme(servers, options, (hosts) => maglevOf(hosts, table));
    },
};

function isPrime(n: number): boolean {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
  return n > 1;
}
