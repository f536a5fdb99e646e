/** One look for every chart: a Vega-Lite config, its colours, and named mark styles such as `theory`. */
import type { Config } from 'vega-lite';

/** Text and axis lines. */
export const ink = '#1f2328';
/** Labels, notes, and lines that stand behind the data. */
export const muted = '#59636e';
/** Grid lines. */
export const grid = '#e3e6ea';
/** Marks that are there for context: the replicas that a sentence is not about. */
export const context = '#b9c0c8';

/** Every chart's font, with what stands in for it where an SVG is read without the page. */
export const fontStack = 'Inter, Helvetica, Arial, sans-serif';

/**
 * Colours of categories: blue, orange, plum, green, wine, sky. Neighbours differ by at least 20 in CIE lightness,
 * any two by 10, so the order survives a grey print; the first, third, fourth and fifth have a contrast of 3 to 1 on white
 * and can be thin lines. A seventh category would repeat the first: use a heat map, small multiples, or `context`.
 */
export const palette = ['#0072b2', '#e69f00', '#4a1450', '#1a9a75', '#8e2440', '#99d5f5'] as const;

/** Scheme of heat maps and ramps: light is little and dark is much, monotone in lightness. */
export const sequential = 'yellowgreenblue';
/** Scheme of signed values round a middle. */
export const diverging = 'purpleorange';

const text = { font: fontStack, fontSize: 12, color: ink };
const dashed = { color: ink, strokeDash: [6, 4], strokeWidth: 1.5, opacity: 1 };

/** Mark styles by name: `mark: { type: 'line', style: 'theory' }`. */
const styles = {
  /** What a formula expects, drawn over what was measured. */
  theory: { ...dashed, tooltip: null, interpolate: 'monotone' },
  /** The value that perfect balance would give. */
  ideal: { ...dashed, strokeDash: [2, 3], tooltip: null },
  /** A moment or a limit: `type: 'rule'`. */
  event: { color: muted, strokeWidth: 1, strokeDash: [3, 3], tooltip: null },
  /** Words on the plot: `type: 'text'`. */
  note: { ...text, color: muted, fontSize: 11.5, align: 'left', baseline: 'middle', dx: 6, tooltip: null },
  /** The number on a bar or beside a point. */
  value: { ...text, fontSize: 12, tooltip: null },
  /** The band round a line: `type: 'area'` or `errorband`. */
  band: { opacity: 0.18, line: false, tooltip: null },
};

const axis: Config['axis'] = {
  domainColor: ink,
  gridColor: grid,
  labelColor: muted,
  labelFontSize: 12,
  labelPadding: 6,
  tickColor: ink,
  tickSize: 4,
  titleColor: ink,
  titleFontSize: 12.5,
  titleFontWeight: 'normal',
  titlePadding: 10,
};

const legend: Config['legend'] = {
  labelColor: ink,
  labelFontSize: 12,
  labelLimit: 260,
  offset: 20,
  orient: 'right',
  rowPadding: 5,
  symbolSize: 110,
  symbolStrokeWidth: 2.5,
  titleColor: ink,
  titleFontSize: 12.5,
  titleFontWeight: 'normal',
  titleLimit: 260,
  titlePadding: 8,
};

const title: Config['title'] = {
  anchor: 'start',
  color: ink,
  fontSize: 15,
  fontWeight: 600,
  frame: 'bounds',
  lineHeight: 20,
  offset: 16,
  subtitleColor: muted,
  subtitleFontSize: 12.5,
  subtitleLineHeight: 17,
  subtitlePadding: 6,
};

/** The config that every chart carries. */
export const theme: Config = {
  arc: { stroke: 'white', strokeWidth: 0.5 },
  axis,
  axisX: { grid: false, labelFlush: false },
  axisY: { domain: false, grid: true, ticks: false },
  axisXBand: { labelAngle: 0, ticks: false },
  axisYBand: { domain: true, grid: false },
  background: 'white',
  bar: { cornerRadiusEnd: 1 },
  concat: { spacing: 36 },
  countTitle: 'count',
  facet: { spacing: 28 },
  font: fontStack,
  header: { labelColor: ink, labelFontSize: 12.5, labelFontWeight: 600, labelPadding: 8, titleColor: muted },
  legend,
  line: { strokeWidth: 2.25, strokeCap: 'round', strokeJoin: 'round' },
  mark: { color: palette[0], tooltip: true },
  padding: 14,
  point: { filled: true, opacity: 1, size: 46 },
  range: {
    category: [...palette],
    diverging: { scheme: diverging },
    heatmap: { scheme: sequential },
    ordinal: { scheme: sequential },
    ramp: { scheme: sequential },
  },
  rule: { color: muted },
  scale: { barBandPaddingInner: 0.35 },
  style: styles,
  text: { ...text, tooltip: null },
  title,
  view: {
    continuousHeight: 300,
    continuousWidth: 560,
    discreteHeight: { step: 30 },
    discreteWidth: { step: 56 },
    stroke: null,
  },
};
