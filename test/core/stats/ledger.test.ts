/** The ledger keeps apart what requests waited that were served, and what all waited. */
import { describe, expect, it } from 'vitest';
import { Ledger } from '../../../core/stats/ledger.ts';

describe('a ledger', () => {
  it('counts waits in vain among those in queue, and not among those of requests served', () => {
    const ledger = new Ledger(10);
    ledger.served(0, 0, 3, 5, 8);
    ledger.failed(1, 'abandoned', 1, 20, 0, 20);
    ledger.failed(6, 'lost', 9, 7, 3, 4);
    expect([...ledger.sums('wait')]).toEqual([3, 0]);
    expect([...ledger.queued()]).toEqual([23, 4]);
    expect([...ledger.queued(1)]).toEqual([4]);
  });
});
