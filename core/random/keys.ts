/** Key distributions: which ids the requests carry. Each entry makes a fresh sampler, since some of them count. */
import { InputError } from '../input-error.ts';
import type { Entry, Key, Parameter, Sampler } from '../types.ts';
import { inColumns } from './draw.ts';
import { FIRST_ID, IDS } from './ids.ts';
import { zipfRank } from './zipf.ts';

const from: Parameter = { name: 'from', default: FIRST_ID, min: 0, max: 1e15, integer: true };
const distinct: Parameter = { name: 'keys', default: IDS, min: 1, max: 1e12, integer: true };

type KeyEntry = Entry<() => Sampler<Key>>;

export const uniform: KeyEntry = {
  name: 'uniform',
  summary: 'draws every id between two with the same chance: 6-digit numbers unless told',
  source: 'LAB 2.2',
  parameters: [from, { name: 'to', default: FIRST_ID + IDS - 1, min: 0, max: 1e15, integer: true }],
  make([low, high]) {
    if (low > high)
      throw new InputError(`uniform(${low},${high}) has from above to; write uniform(${high},${low}).`);
    const width = high - low + 1;
    return () =>
      inColumns<Key>(
        (random) => low + Math.floor(random() * width),
        (u, count) => {
          for (let i = 0; i < count; i++) u[i] = low + Math.floor(u[i] * width);
        },
      );
  },
};

export const sequential: KeyEntry = {
  name: 'sequential',
  summary: 'counts up from an id, as database keys do',
  source: 'Knuth, The Art of Computer Programming 3, 6.4',
  parameters: [from],
  make: ([first]) => {
    return () => {
      let next = first;
      return () => next++;
    };
  },
};

export const zipf: KeyEntry = {
  name: 'zipf',
  summary: 'gives the r-th id a chance in proportion to 1/r^s, as popular things have',
  source:
    'Hörmann, Derflinger 1996, Rejection-inversion to generate variates from monotone discrete distributions',
  parameters: [{ name: 's', default: 1, min: 0, max: 20 }, distinct, from],
  make([exponent, keys, first]) {
    const rank = zipfRank(keys, exponent);
    return () => (random) => first + rank(random) - 1;
  },
};

export const hot: KeyEntry = {
  name: 'hot',
  summary: 'gives one id a share of all requests, and the rest to 6-digit ids evenly',
  source: 'the celebrity problem; Kleppmann 2017, Designing Data-Intensive Applications, chapter 6',
  parameters: [
    { name: 'share', default: 0.5, min: 0, max: 1 },
    { ...from, name: 'id' },
  ],
  make: ([share, id]) => {
    return () => (random) => (random() < share ? id : FIRST_ID + Math.floor(random() * IDS));
  },
};
