/** Knobs of what goes wrong with replicas, and when. */
import { choice, failures, lawOrNone, spans } from '../knob.ts';
import { knobsOf } from './knob.ts';

const { textual } = knobsOf('faults');

export const faultKnobs = {
  failAt: textual('fail-at', '', failures, 'when replicas fail: 10s, 10s:S2 or 10s+20s:S2'),
  mtbf: textual('mtbf', 'none', lawOrNone, 'time that a replica runs between failures (ms)'),
  mttr: textual('mttr', 'none', lawOrNone, 'time to repair a failed replica (ms), instead of a replacement'),
  breakdown: textual(
    'breakdown',
    'lose',
    choice('kind of breakdown', ['lose', 'resume']),
    'with --mttr: a failure loses all work there, or halts it until the repair',
  ),
  slowAt: textual('slow-at', '', spans(true), 'when replicas are slow: 10s/20s:S2x5, at 10 s for 20 s by 5'),
  pauseAt: textual('pause-at', '', spans(false), 'when replicas hang: 10s/5s:S2, at 10 s for 5 s'),
  partitionAt: textual('partition-at', '', spans(false), 'when replicas cannot be reached: 10s/5s:S2'),
} as const;
