/** Passive health checks: a balancer that sees a replica fail again and again leaves it alone for a while. */
import type { Outcome } from '../core/types.ts';
import type { Kind } from './kernel.ts';
import type { Stage } from './stage.ts';

/** What one balancer has seen of a replica. */
interface Sight {
  /** Failures in a row. */
  failures: number;
  ejections: number;
}

/**
 * Outlier detection by consecutive failures, as Envoy's: each balancer counts for itself, an ejection lasts a time
 * that grows with their number, and no more than a share of the replicas is ejected at once (envoy/config/cluster/v3,
 * OutlierDetection: consecutive_5xx, base_ejection_time, max_ejection_percent).
 */
export class Ejection {
  readonly #stage: Stage;
  readonly #seen: Sight[][];
  readonly #end: Kind;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#seen = stage.members.balancers.map(() => []);
    this.#end = stage.kernel.kind((n, handle, now) => {
      stage.members.admit(n, handle, now);
    });
  }

  /** A try of the n-th balancer has ended. */
  ended(n: number, handle: number, outcome: Outcome, now: number): void {
    if (outcome === 'cancelled' || outcome === 'abandoned') return;
    const sight = (this.#seen[n][handle] ??= { failures: 0, ejections: 0 });
    sight.failures = outcome === 'ok' ? 0 : sight.failures + 1;
    const { kernel, members, scenario } = this.#stage;
    if (sight.failures < scenario.ejectAfter) return;
    if (!members.eject(n, handle, scenario.ejectMost, now)) return;
    sight.failures = 0;
    sight.ejections++;
    kernel.at(now + scenario.ejectFor * sight.ejections, this.#end, n, handle);
  }
}
