/** The backlog of one server as fast as the fleet: Lindley's recursion, told one by one or in blocks, of known mean. */
import { describe, expect, it } from 'vitest';
import { stream } from '../../../core/random/stream.ts';
import { Backlog } from '../../../core/stats/backlog.ts';
import { sum } from '../../../core/stats/sum.ts';
import { pollaczekKhinchin, squaredWait } from '../../../core/stats/theory/single.ts';

const BATCH = 500;
const [gaps, works] = [stream(3, 'arrivals'), stream(3, 'service')];
/** Poisson arrivals, 0.8 a ms, at a fleet that does 4 ms of work in a ms; a request is 4 ms on average. */
const CAPACITY = 4;
const REQUESTS = 200_000;
const arrivedMs = new Float64Array(REQUESTS);
const workMs = new Float64Array(REQUESTS);
for (let i = 0, now = 0; i < REQUESTS; i++) {
  now -= Math.log(1 - gaps()) / 0.8;
  arrivedMs[i] = now;
  workMs[i] = -4 * Math.log(1 - works());
}
const known = [pollaczekKhinchin(0.8, 1, 2), squaredWait(0.8, 1, 2, 6)];

function toldOneByOne(): Backlog {
  const backlog = new Backlog(REQUESTS / BATCH, BATCH, CAPACITY);
  for (let i = 0; i < REQUESTS; i++) backlog.add(i, arrivedMs[i], workMs[i]);
  return backlog;
}

describe('a backlog', () => {
  it('is what one server of that speed has still to do', () => {
    const backlog = new Backlog(1, 3, 2);
    backlog.add(0, 10, 8); // done at 14
    backlog.add(1, 11, 2); // finds 3, done at 15
    backlog.add(2, 20, 6); // finds nothing
    expect(backlog.beyond(0, [0, 0]).map(([batch]) => batch)).toEqual([3, 9]);
  });

  it('has the mean and the mean square that theory gives', () => {
    const beyond = toldOneByOne().beyond(0, known);
    const [mean, square] = beyond.map((batches, power) => sum(batches) / REQUESTS / known[power]);
    expect(Math.abs(mean)).toBeLessThan(0.06); // 4 standard errors: a crowd lasts 50 requests or so
    expect(Math.abs(square)).toBeLessThan(0.2);
  });

  it('is the same to the last bit when told in blocks, across batches', () => {
    const blocks = new Backlog(REQUESTS / BATCH, BATCH, CAPACITY);
    for (let at = 0; at < REQUESTS; at += 512) {
      const to = Math.min(REQUESTS, at + 512);
      blocks.block(at, to - at, arrivedMs.subarray(at, to), workMs.subarray(at, to));
    }
    expect(blocks.beyond(7, known)).toEqual(toldOneByOne().beyond(7, known));
  });
});
