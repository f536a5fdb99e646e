/** A tail between an exponential's and a power's, by its shape. */
import type { LawEntry } from '../../types.ts';
import { power } from '../draw.ts';
import { logGamma } from './log-gamma.ts';
import { mean } from './mean.ts';
import { scaled } from './moments.ts';

/** Γ(1 + n / shape): the n-th moment at scale 1. */
const moment = (n: number, shape: number): number => Math.exp(logGamma(1 + n / shape));

export const weibull: LawEntry = {
  name: 'weibull',
  summary: 'is exponential to the power 1/shape: heavier than exponential for shapes below 1, steadier above',
  source: 'Weibull 1951, A statistical distribution function of wide applicability',
  parameters: [mean, { name: 'shape', default: 0.5, min: 0.1, max: 100 }],
  make([ms, shape]) {
    const scale = ms / moment(1, shape);
    return (random) => {
      const exponential = -Math.log(1 - random());
      return exponential === 0 ? 0 : scale * power(exponential, 1 / shape);
    };
  },
  moments([ms, shape]) {
    const one = moment(1, shape);
    return scaled(ms, moment(2, shape) / (one * one), moment(3, shape) / (one * one * one));
  },
};
