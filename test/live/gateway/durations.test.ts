import { Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { Durations } from '../../../live/gateway/durations.ts';
import { Metrics } from '../../../live/gateway/metrics.ts';

const given = { name: 'took_seconds', help: 'Time', labelNames: ['replica'] as const };
const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const times = [0, 0.0005, 0.00051, 0.004, 0.03, 0.25, 0.3, 10, 11];

describe('the histogram of durations', () => {
  it("exposes the very lines of the library's own", async () => {
    const [own, library] = [new Registry(), new Registry()];
    const durations = new Durations({ ...given, labelNames: [...given.labelNames], registers: [own] });
    const slower = new Histogram({ ...given, buckets, registers: [library] });
    for (const replica of ['S1', 'S2']) {
      for (const seconds of times) {
        durations.took(replica, seconds);
        slower.observe({ replica }, seconds);
      }
    }
    expect(await own.metrics()).toBe(await library.metrics());
  });

  it('adds up over gateways', async () => {
    const [one, other] = [new Metrics(), new Metrics()];
    for (const metrics of [one, other]) metrics.ended('S1', 200, 0.004);
    const text = await one.expose([await other.share()]);
    expect(text).toContain('evenly_requests_total{replica="S1",code="200"} 2');
    expect(text).toContain('evenly_request_duration_seconds_bucket{le="0.005",replica="S1"} 2');
    expect(text).toContain('evenly_request_duration_seconds_count{replica="S1"} 2');
  });
});
