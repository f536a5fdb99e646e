/** A chart as files: complete, readable, and the same bytes every time. */
import { Resvg } from '@resvg/resvg-js';
import { csvParse } from 'd3-dsv';
import { describe, expect, it } from 'vitest';
import { draw } from '../../notebooks/render/chart.ts';
import { heatMap } from '../../notebooks/render/heat-map.ts';
import { toPng } from '../../notebooks/render/png.ts';
import { ring } from '../../notebooks/render/ring.ts';
import { prefixIds, svgWidth } from '../../notebooks/render/svg.ts';
import type { Chart } from '../../notebooks/story.ts';

const bars: Chart = {
  id: 'requests',
  title: 'Requests of each replica',
  caption: 'The **counts**.',
  rows: [
    { replica: 'S1', requests: 3120, 'of "all"': 'a, b' },
    { replica: 'S2', requests: 1042.5, 'of "all"': '' },
  ],
  datasets: { mean: [{ mean: 2081.25 }] },
  spec: {
    layer: [
      {
        mark: 'bar',
        encoding: {
          x: { field: 'replica', type: 'nominal', title: 'replica' },
          y: { field: 'requests', type: 'quantitative', title: 'requests handled' },
        },
      },
      {
        data: { name: 'mean' },
        mark: { type: 'rule', style: 'ideal' },
        encoding: { y: { field: 'mean', type: 'quantitative' } },
      },
    ],
  },
};

describe('the files of a chart', () => {
  it('are an SVG, a PNG, a spec, and a CSV for every table', async () => {
    const { files } = await draw(bars);
    expect([...files.keys()]).toEqual([
      'requests.svg',
      'requests.png',
      'requests.vl.json',
      'requests.csv',
      'requests-mean.csv',
    ]);
  });

  it('are the same bytes every time', async () => {
    const [first, second] = [await draw(bars), await draw(bars)];
    for (const [name, content] of first.files) {
      expect(Buffer.compare(Buffer.from(content), Buffer.from(second.files.get(name) ?? '')), name).toBe(0);
    }
  });

  it('hold the rows: CSV and spec give back what went in', async () => {
    const { files } = await draw(bars);
    const rows = bars.rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([k, v]) => [k, String(v)])),
    );
    expect(csvParse(String(files.get('requests.csv'))).map((row) => ({ ...row }))).toEqual(rows);
    const spec = JSON.parse(String(files.get('requests.vl.json'))) as Record<string, unknown>;
    expect(spec['datasets']).toEqual({ rows: bars.rows, ...bars.datasets });
    expect(spec['$schema']).toMatch(/vega-lite\/v6/);
    expect(spec['config']).toBeDefined();
  });
});

describe('the picture', () => {
  it('leaves the rows of the notebook as they were, and takes frozen ones', async () => {
    const row = Object.freeze({ replica: 'S1', requests: 1 });
    await draw({ ...bars, rows: [row] });
    expect(Reflect.ownKeys(row)).toEqual(['replica', 'requests']);
  });

  it('says what it is, and names the font with others to fall back on', async () => {
    const { svg } = await draw(bars);
    expect(svg).toContain('role="img" aria-label="Requests of each replica The counts."');
    expect(svg).toContain('Inter, Helvetica, Arial, sans-serif');
    expect(svg).not.toMatch(/\b(href|src)=/);
  });

  it('has no number of more than three decimals', async () => {
    const { svg } = await draw({
      id: 'ring',
      title: 'A ring',
      caption: '',
      ...ring(7, [{ slot: 3, replica: 'S1' }]),
    });
    expect(svg.match(/\d\.\d{4,}/g)).toBeNull();
  });

  it('leaves room for the labels that it has, and no more', async () => {
    const named = (name: string): Chart => ({ ...bars, rows: [{ replica: name, requests: 1 }] });
    const flip = (chart: Chart): Chart => ({
      ...chart,
      datasets: {},
      spec: {
        mark: 'bar',
        encoding: { y: { field: 'replica' }, x: { field: 'requests', type: 'quantitative' } },
      },
    });
    const width = async (name: string): Promise<number> => svgWidth((await draw(flip(named(name)))).svg);
    const added = (await width('WWWWWWWWWW')) - (await width('iiiiiiiiii'));
    expect(added).toBeGreaterThan(60);
    expect(added).toBeLessThan(100);
  });

  it('wraps a long title to its width', async () => {
    const long = await draw({ ...bars, title: 'word '.repeat(40).trim() });
    const short = await draw({ ...bars, title: 'word' });
    expect(svgWidth(long.svg)).toBeLessThan(Math.max(svgWidth(short.svg), 420 + 28) + 1);
    expect(long.svg.match(/<tspan/g)?.length).toBeGreaterThan(2);
  });

  it('has its text in the PNG, at twice the size', async () => {
    const { svg, files } = await draw(bars);
    const png = files.get('requests.png') as Buffer;
    expect(png.readUInt32BE(16)).toBe(2 * svgWidth(svg));
    const wordless = toPng(svg.replace(/<text[\s\S]*?<\/text>/g, ''));
    expect(darkPixels(svg)).toBeGreaterThan(2 * darkPixels(svg.replace(/<text[\s\S]*?<\/text>/g, '')));
    expect(wordless.equals(png)).toBe(false);
  });

  it('can stand beside others in one page', () => {
    const svg = '<svg><clipPath id="clip0"></clipPath><g clip-path="url(#clip0)"></g></svg>';
    expect(prefixIds(svg, 'a')).toBe(
      '<svg><clipPath id="a-clip0"></clipPath><g clip-path="url(#a-clip0)"></g></svg>',
    );
  });
});

/** Pixels of the darkness of text. */
function darkPixels(svg: string): number {
  const font = { loadSystemFonts: false, fontFiles: [] as string[] };
  const { pixels } = new Resvg(toDrawn(svg), { background: 'white', font }).render();
  let dark = 0;
  for (let i = 0; i < pixels.length; i += 4)
    if (Math.max(pixels[i], pixels[i + 1], pixels[i + 2]) < 120) dark++;
  return dark;
}

/** The PNG as a picture in an SVG, to read its pixels with the decoder that is there. */
function toDrawn(svg: string): string {
  const png = toPng(svg);
  const size = `width="${png.readUInt32BE(16)}" height="${png.readUInt32BE(20)}"`;
  const href = `data:image/png;base64,${png.toString('base64')}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}><image href="${href}" ${size}/></svg>`;
}

describe('a spec', () => {
  const part = (field: string) => ({ mark: 'bar' as const, encoding: { x: { field }, color: { field } } });

  it('that concatenates gives each part its own colours', async () => {
    const drawing = await draw({
      ...bars,
      spec: { hconcat: [part('replica'), part('requests')] },
      width: 90,
    });
    expect(drawing.spec).toMatchObject({
      resolve: { scale: { color: 'independent' } },
      hconcat: [{ width: 90 }, { width: 90 }],
    });
  });

  it('that concatenates may share its colours if it says so', async () => {
    const spec = {
      hconcat: [part('replica'), part('replica')],
      resolve: { scale: { color: 'shared' as const } },
    };
    expect((await draw({ ...bars, spec })).spec).toMatchObject({ resolve: { scale: { color: 'shared' } } });
  });

  it('that Vega has a warning for is an error that names the chart', async () => {
    const spec = {
      mark: 'bar',
      encoding: { x: { field: 'replica' }, theta2: { field: 'requests' } },
    } as const;
    await expect(draw({ ...bars, spec })).rejects.toThrow(/chart "requests" cannot be drawn: .*theta2/);
  });

  it('of a heat map prints every number, white on dark cells', async () => {
    const rows = [0, 1, 2, 3].map((i) => ({ a: `a${i % 2}`, b: `b${i >> 1}`, 'peak-to-mean': 1 + i }));
    const spec = heatMap({
      x: { field: 'a', title: 'request hash' },
      y: { field: 'b', title: 'server hash' },
      value: { field: 'peak-to-mean', title: 'peak-to-mean', format: '.2f' },
      domain: [1, 4],
    });
    const { svg } = await draw({ id: 'heat', title: 'Heat', caption: '', rows, spec });
    const fills = ['1.00', '4.00'].map(
      (number) => new RegExp(`fill="([^"]+)"[^>]*>${number}<`).exec(svg)?.[1],
    );
    expect(fills).toEqual(['#1f2328', 'white']);
  });
});

describe('the ring', () => {
  const { rows } = ring(16, [
    { slot: 9, replica: 'S2' },
    { slot: 3, replica: 'S1' },
    { slot: 10, replica: 'S1' },
    { slot: 12, replica: 'S1' },
  ]);

  it('gives each slot to the first virtual server at or after it, in stretches of one owner', () => {
    expect(rows.map(({ replica, first, last }) => [replica, first, last])).toEqual([
      ['S1', 0, 3],
      ['S2', 4, 9],
      ['S1', 10, 15],
    ]);
  });

  it('gives away every slot once', () => {
    expect(rows.reduce((sum, { share }) => sum + Number(share), 0)).toBe(1);
  });
});
