/** A slot ring, drawn: clockwise from the top, arcs in the colour of their owner, virtual servers as ticks outside. */
import type { Chart, Row } from '../story.ts';
import { muted } from './theme.ts';

/** An occupied slot and the replica that stands there. */
export interface VirtualServer {
  readonly slot: number;
  readonly replica: string;
}

/** Radii in px, for a plot of 420 px. */
const size = 420;
const radii = { inner: 138, outer: 168, tick: 173, tickEnd: 186, label: 202 };

/**
 * The parts of a chart that draw a ring of so many slots: `story.chart({ id, title, caption, ...ring(512, virtual) })`.
 * A slot belongs to the first virtual server at or after it, clockwise. Colours go to replicas in order of appearance.
 */
export function ring(
  slots: number,
  virtualServers: readonly VirtualServer[],
): Pick<Chart, 'spec' | 'rows' | 'datasets' | 'width' | 'height'> {
  const replicas = [...new Set(virtualServers.map(({ replica }) => replica))];
  const color = { field: 'replica', type: 'nominal', title: 'replica', scale: { domain: replicas } } as const;
  const theta = { field: 'from', type: 'quantitative', scale: { domain: [0, slots] as number[] } } as const;
  const theta2 = { field: 'to' };
  const tip = (field: string, title: string) => ({ field, title, format: field === 'share' ? '.1%' : 'd' });
  const tooltip = [
    { field: 'replica' },
    tip('first', 'first slot'),
    tip('last', 'last slot'),
    tip('share', 'share of slots'),
  ];
  return {
    width: size,
    height: size,
    rows: arcs(slots, virtualServers),
    datasets: { 'virtual-servers': ticks(slots, virtualServers), labels: labels(slots) },
    spec: {
      encoding: { theta },
      layer: [
        {
          mark: { type: 'arc', innerRadius: radii.inner, outerRadius: radii.outer, strokeWidth: 0 },
          encoding: { theta2, color, tooltip },
        },
        {
          data: { name: 'virtual-servers' },
          mark: { type: 'arc', innerRadius: radii.tick, outerRadius: radii.tickEnd, strokeWidth: 0 },
          encoding: { theta2, color, tooltip: [{ field: 'replica' }, { field: 'slot' }] },
        },
        {
          data: { name: 'labels' },
          mark: { type: 'text', radius: radii.label, color: muted },
          encoding: { text: { field: 'from', type: 'quantitative', format: 'd' } },
        },
      ],
    },
  };
}

/** One row for every stretch of slots with one owner; seams between slots of one owner would show as hairlines. */
function arcs(slots: number, virtualServers: readonly VirtualServer[]): Row[] {
  const sorted = [...virtualServers].sort((a, b) => a.slot - b.slot);
  const [first] = sorted;
  // Past the last virtual server the ring begins again.
  const stops = [...sorted, { slot: slots - 1, replica: first.replica }];
  const rows: { replica: string; from: number; to: number }[] = [];
  for (const { slot, replica } of stops) {
    const before = rows.at(-1);
    const from = before?.to ?? 0;
    if (before?.replica === replica) before.to = slot + 1;
    else if (slot + 1 > from) rows.push({ replica, from, to: slot + 1 });
  }
  return rows.map((row) => ({
    ...row,
    first: row.from,
    last: row.to - 1,
    share: (row.to - row.from) / slots,
  }));
}

/** A tick at the middle of its slot, at least 4 px wide. */
function ticks(slots: number, virtualServers: readonly VirtualServer[]): Row[] {
  const half = Math.max(0.5, (2 * slots) / (2 * Math.PI * radii.tick));
  return virtualServers.map(({ slot, replica }) => ({
    replica,
    slot,
    from: slot + 0.5 - half,
    to: slot + 0.5 + half,
  }));
}

/** Eight numbers round the circle, each at its own angle. */
function labels(slots: number): Row[] {
  return Array.from({ length: 8 }, (_, i) => Math.round((i * slots) / 8)).map((slot) => ({
    from: slot,
    to: slot,
  }));
}
