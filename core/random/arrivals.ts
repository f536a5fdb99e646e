/** Arrival processes: open ones at a rate in requests a second, and a closed loop of clients. */
import type { Arrivals, Entry, Parameter } from '../types.ts';
import { constantOf, exponentialOf } from './draw.ts';

const MS_A_SECOND = 1000;
const rate: Parameter = { name: 'rate', default: 200, min: 1e-6, max: 1e9 };

export const poisson: Entry<Arrivals> = {
  name: 'poisson',
  summary: 'has independent users: exponential gaps at so many requests a second',
  source: 'M in Kendall 1953',
  parameters: [rate],
  make: ([perSecond]) => ({ kind: 'open', gapMs: exponentialOf(MS_A_SECOND / perSecond) }),
};

export const constantRate: Entry<Arrivals> = {
  name: 'constant',
  summary: 'has equal gaps at so many requests a second, as load generators send',
  source: 'D in Kendall 1953',
  parameters: [rate],
  make: ([perSecond]) => ({ kind: 'open', gapMs: constantOf(MS_A_SECOND / perSecond) }),
};

export const closed: Entry<Arrivals> = {
  name: 'closed',
  summary: 'has so many clients, each waiting for its answer and thinking (ms) before the next request',
  source: 'Schroeder, Wierman, Harchol-Balter 2006, Open versus Closed',
  parameters: [
    { name: 'clients', default: 10, min: 1, max: 1e6, integer: true },
    { name: 'think', default: 0, min: 0, max: 1e9 },
  ],
  make: ([clients, thinkMs]) => ({ kind: 'closed', clients, thinkMs }),
};
