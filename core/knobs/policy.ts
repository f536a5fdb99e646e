/** Knobs of how a request finds its replica, and of how many decide it. */
import { choice, integer, pick, weights } from '../knob.ts';
import { knobsOf } from './knob.ts';

const { numeric, textual } = knobsOf('policy');

export const policyKnobs = {
  policy: textual(
    'policy',
    'by-key',
    pick((t) => t.policies),
    'how a request finds its replica',
  ),
  weights: textual('weights', '1', weights, 'weights dealt to the replicas in turn'),
  balancers: numeric(
    'balancers',
    1,
    integer(1, 1000),
    'balancers before the replicas, each with only its own view of the load',
  ),
  deal: textual(
    'deal',
    'random',
    choice('way to deal', ['random', 'round-robin']),
    'how requests come to one of several balancers: random or round-robin',
  ),
} as const;
