/** The event queue and the kernel against a sorted list. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stream } from '../../core/random/stream.ts';
import { EventHeap } from '../../sim/event-heap.ts';
import { EventQueue } from '../../sim/event-queue.ts';
import { Kernel } from '../../sim/kernel.ts';

interface Scheduled {
  readonly time: number;
  readonly order: number;
}

/** A number makes an event at that time (few different ones, so that many tie); null takes one out. */
const anySteps = fc.array(
  fc.oneof(fc.nat(20), fc.double({ min: 0, max: 20, noNaN: true }), fc.constant(null)),
  {
    maxLength: 400,
  },
);

describe('the event queue', () => {
  it('gives the earliest event, and of events at one time the first that came', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const queue = new EventQueue();
        const { near } = queue;
        let waiting: Scheduled[] = [];
        steps.forEach((time, order) => {
          if (time !== null) {
            near.due = time;
            queue.insert(order % 256, order, 1000 - order);
            waiting.push({ time, order });
          } else {
            const [next, ...rest] = [...waiting].sort((a, b) => a.time - b.time || a.order - b.order);
            expect(queue.pop()).toBe(waiting.length > 0);
            if (waiting.length === 0) return;
            const { time: at, order: first } = next;
            expect([near.time, near.kind, near.subject, near.detail]).toEqual([
              at,
              first % 256,
              first,
              1000 - first,
            ]);
            waiting = rest;
          }
          expect(queue.size).toBe(waiting.length);
          // Asking settles what `pop` left to do, so it is asked in some states only.
          if (order % 3 !== 0 || waiting.length === 0) return;
          near.horizon = Math.min(...waiting.map((event) => event.time)) - 1e-9;
          expect(queue.pop()).toBe(false);
          near.horizon = Infinity;
        });
      }),
      { numRuns: 200 },
    );
  });

  it('sorts 100,000 events', () => {
    const queue = new EventQueue();
    const { near } = queue;
    for (let i = 0; i < 100_000; i++) {
      near.due = (i * 7919) % 1009;
      queue.insert(0, i, 0);
    }
    let last = [-1, -1];
    let sorted = true;
    while (queue.pop()) {
      if (near.time < last[0] || (near.time === last[0] && near.subject < last[1])) sorted = false;
      last = [near.time, near.subject];
    }
    expect(sorted).toBe(true);
  });

  it.each<[string, (u: number, i: number) => number]>([
    ['evenly', (u) => u],
    ['as exponential times are', (u) => -Math.log(1 - u)],
    ['with a heavy tail', (u) => (1 - u) ** -2],
    ['at few times', (u) => Math.floor(4 * u)],
    ['nearly all at one time', (u) => (u < 0.9 ? 1 : 1000 * u)],
    ['at one time', () => 0],
    ['far and near by turns', (u, i) => (i % 2) * 1e6 + u],
    ['over all magnitudes', (u) => 10 ** (600 * u - 300)],
    ['ever denser', (u, i) => u / (1 + i)],
  ])('gives what a heap gives where events are spread %s', (_how, after) => {
    const random = stream(7, 'service');
    const queue = new EventQueue();
    const heap = new EventHeap();
    let order = 0;
    const schedule = (now: number): void => {
      queue.near.due = heap.due = now + after(random(), order);
      heap.order = order++;
      queue.insert(1, order, 2);
      heap.insert(1, order, 2);
    };
    const same = (): boolean => {
      expect([queue.pop(), queue.near.time, queue.near.subject]).toEqual([
        heap.pop(),
        heap.time,
        heap.subject,
      ]);
      return queue.size > 0;
    };
    // The number of events grows, stays, falls to few and grows again.
    for (const [inserts, each] of [
      [3000, 0],
      [9000, 1],
      [1, 2990],
      [2000, 0],
      [2000, 1],
    ])
      // prettier-ignore
      for (let i = 0; i < inserts; i++) {
        for (let pops = 0; pops < each; pops++) same();
        schedule(heap.time);
      }
    while (same());
    expect(heap.size).toBe(0);
  });
});

describe('the kernel', () => {
  it('calls the handler of each kind in the order of time, also for what is scheduled at once', () => {
    const kernel = new Kernel();
    const seen: string[] = [];
    const late = kernel.kind((subject, detail, now) => void seen.push(`late ${subject} ${detail} ${now}`));
    const early = kernel.kind((subject, _detail, now) => {
      seen.push(`early ${subject} ${now}`);
      kernel.at(now, late, subject, 9);
    });
    kernel.at(5, late, 1, 2);
    kernel.at(1, early, 7, 0);
    kernel.at(1, late, 3, 0);
    kernel.run();
    expect(seen).toEqual(['early 7 1', 'late 3 0 1', 'late 7 9 1', 'late 1 2 5']);
  });

  it('lets a source come after everything else of its time, whenever that was scheduled', () => {
    const kernel = new Kernel();
    const seen: string[] = [];
    const echo = kernel.kind((subject, _detail, now) => void seen.push(`echo ${subject} ${now}`));
    kernel.comes(1);
    kernel.source(() => {
      const { now } = kernel;
      seen.push(`source ${now}`);
      kernel.at(now, echo, 1, 0);
      kernel.at(now + 1, echo, 2, 0);
      if (now < 3) kernel.comes(Math.max(2, now + 0.5));
    });
    kernel.at(2, echo, 3, 0);
    kernel.run();
    expect(seen.slice(0, 7)).toEqual([
      'source 1',
      'echo 1 1',
      'echo 3 2',
      'echo 2 2',
      'source 2',
      'echo 1 2',
      'source 2.5',
    ]);
    expect(seen.slice(-4)).toEqual(['source 3', 'echo 1 3', 'echo 2 3.5', 'echo 2 4']);
  });

  it('stops when it is told to', () => {
    const kernel = new Kernel();
    let ticks = 0;
    const tick = kernel.kind((_subject, _detail, now) => {
      ticks++;
      if (ticks === 10) kernel.stop();
      kernel.at(now + 1, tick, 0, 0);
    });
    kernel.at(0, tick, 0, 0);
    kernel.run();
    expect(ticks).toBe(10);
  });
});
