/** What a scenario knows the mean of before it runs: its gaps and its service times. */
import { controlled } from '../core/stats/control.ts';
import { clientKnobs } from '../core/knobs/clients.ts';
import { faultKnobs } from '../core/knobs/faults.ts';
import { scalingKnobs } from '../core/knobs/scaling.ts';
import type { Ratios } from '../core/measures.ts';
import { scenario } from '../core/scenario.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Series } from '../core/stats/estimate.ts';
import type { Tables } from '../core/tables.ts';
import { sum } from '../core/stats/sum.ts';

const MS_A_SECOND = 1000;
/** The measures that gaps and service times explain. */
const EXPLAINED = ['responseMeanMs', 'waitMeanMs', 'inSystem', 'inQueue', 'fleetUtilisation', 'throughput'];

/** Knobs by which workers may be busy for another time than was drawn, or with tries of which nobody has an answer. */
const BUSY_OTHERWISE = [
  ...(Object.keys(clientKnobs) as (keyof typeof clientKnobs)[]),
  ...(Object.keys(faultKnobs) as (keyof typeof faultKnobs)[]),
  ...(Object.keys(scalingKnobs) as (keyof typeof scalingKnobs)[]),
  ...(['speeds', 'ramp'] as const),
].filter((knob) => knob !== 'network' && knob !== 'refuse');

/** The ratios with the controls taken off, or as they are where nobody asked or no mean is known. */
export function withControls(s: Scenario, ratios: Ratios, tables: Tables): Ratios {
  if (s.control === 'no') return ratios;
  const controls = controlsOf(s, ratios, tables);
  if (controls.length === 0) return ratios;
  return Object.fromEntries(
    Object.entries(ratios).map(([name, series]) => [
      name,
      EXPLAINED.includes(name) ? controlled(series, controls) : series,
    ]),
  );
}

/** Each of expectation 0. */
function controlsOf(
  s: Scenario,
  { fleetUtilisation, failedShare, throughput }: Ratios,
  tables: Tables,
): Float64Array[] {
  const arrivals = tables.arrivals.choose(s.arrivals);
  const process = arrivals.entry.make(arrivals.args);
  const service = tables.services.choose(s.service);
  const { mean, second } = service.entry.moments(service.args);
  const sent = failedShare.denominator;
  const controls: Float64Array[] = [];
  const isKnown = Number.isFinite(second) && second > mean * mean * (1 + 1e-12);
  if (isKnown && isBusyAsDrawn(s) && sum(failedShare.numerator) === 0) {
    controls.push(difference(fleetUtilisation, throughput, mean));
  }
  if (process.kind === 'open') {
    const gapMs = MS_A_SECOND / process.perSecond;
    controls.push(
      Float64Array.from(throughput.denominator, (seconds, i) => seconds * MS_A_SECOND - gapMs * sent[i]),
    );
  }
  return controls;
}

/**
 * Whether what each served request kept a worker busy is what the law drew for it. Where requests fail, those served are
 * no fair sample of it besides.
 */
function isBusyAsDrawn(s: Scenario): boolean {
  const plain = scenario();
  return BUSY_OTHERWISE.every((knob) => s[knob] === plain[knob]);
}

/** Work done less what so many services take on average. */
function difference(busy: Series, served: Series, mean: number): Float64Array {
  return Float64Array.from(busy.numerator, (ms, i) => ms - mean * served.numerator[i]);
}
