/** A law whose logarithm is normal. */
import type { LawEntry } from '../../types.ts';
import { normal } from '../draw.ts';
import { mean } from './mean.ts';
import { scaled } from './moments.ts';

/** exp(μ + σZ) with σ² = ln(1 + cv²) and μ = ln(mean) - σ²/2. */
export const lognormal: LawEntry = {
  name: 'lognormal',
  summary: 'has a logarithm that is normal, the shape of most measured response times',
  source: 'Johnson, Kotz, Balakrishnan 1994, chapter 14',
  parameters: [mean, { name: 'cv', default: 1, min: 0, max: 100 }],
  make([ms, cv]) {
    const variance = Math.log1p(cv * cv);
    const mu = Math.log(ms) - variance / 2;
    const sigma = Math.sqrt(variance);
    return (random) => Math.exp(mu + sigma * normal(random));
  },
  moments([ms, cv]) {
    const w = 1 + cv * cv;
    return scaled(ms, w, w * w * w);
  },
};
