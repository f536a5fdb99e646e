/** Arrival processes: open ones at a rate in requests a second, and a closed loop of clients. */
import type { Arrivals, Entry, Parameter } from '../types.ts';
import { constantOf, exponentialOf } from './draw.ts';
import { modulated, modulatedDispersion } from './mmpp.ts';
import { gammaOf } from './service/gamma.ts';

const MS_A_SECOND = 1000;
const rate: Parameter = { name: 'rate', default: 200, min: 1e-6, max: 1e9 };

export const poisson: Entry<Arrivals> = {
  name: 'poisson',
  summary: 'has independent users: exponential gaps at so many requests a second',
  source: 'M in Kendall 1953',
  parameters: [rate],
  make: ([perSecond]) => ({
    kind: 'open',
    gapMs: exponentialOf(MS_A_SECOND / perSecond),
    perSecond,
    dispersion: 1,
    memoryless: true,
  }),
};

export const constantRate: Entry<Arrivals> = {
  name: 'constant',
  summary: 'has equal gaps at so many requests a second, as load generators send',
  source: 'D in Kendall 1953',
  parameters: [rate],
  make: ([perSecond]) => ({
    kind: 'open',
    gapMs: constantOf(MS_A_SECOND / perSecond),
    perSecond,
    dispersion: 0,
  }),
};

export const mmpp: Entry<Arrivals> = {
  name: 'mmpp',
  summary:
    'comes in bursts: Poisson at one of two rates a second, which it changes after exponential times (ms)',
  source: 'Fischer, Meier-Hellstern 1993, The Markov-modulated Poisson process cookbook',
  parameters: [
    { ...rate, name: 'busy', default: 500, min: 0 },
    { ...rate, name: 'calm', default: 50 },
    { name: 'busyfor', default: 1000, min: 1e-3, max: 1e9, time: true },
    { name: 'calmfor', default: 2000, min: 1e-3, max: 1e9, time: true },
  ],
  make([busy, calm, busyMs, calmMs]) {
    const perSecond = (busy * busyMs + calm * calmMs) / (busyMs + calmMs);
    const rates = [busy / MS_A_SECOND, calm / MS_A_SECOND] as const;
    const dispersion = modulatedDispersion(rates, [busyMs, calmMs]);
    return { kind: 'open', gapMs: modulated(rates, [busyMs, calmMs]), perSecond, dispersion };
  },
};

export const closed: Entry<Arrivals> = {
  name: 'closed',
  summary:
    'has so many clients, each waiting for its answer and thinking (ms; cv 0 constant, 1 exponential) before the next',
  source: 'Schroeder, Wierman, Harchol-Balter 2006, Open versus Closed',
  parameters: [
    { name: 'clients', default: 10, min: 1, max: 1e6, integer: true },
    { name: 'think', default: 0, min: 0, max: 1e9, time: true },
    { name: 'cv', default: 0, min: 0, max: 100 },
  ],
  make: ([clients, think, cv]) => ({ kind: 'closed', clients, thinkMs: gammaOf(think, cv) }),
};
