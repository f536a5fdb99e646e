/** Envoy's hosts and their normalised weights, by locality where told, and its panic (thread_aware_lb_impl.cc). */
import type { Share } from '../../policy/bounded-load-envoy.ts';
import { checkServers, checkWeight } from '../servers.ts';
import type { ServerLine } from '../types.ts';

export const ENVOY_WEIGHTS = { min: 1, max: 4_294_967_295 };

/** The hosts of one cluster. */
export interface Hosts {
  readonly servers: readonly ServerLine[];
  /** What a host's points are hashed from. */
  text(server: number): string;
  /** Those that take requests: the healthy ones, or all of them in panic. */
  shares(): readonly Share[];
  panics(): boolean;
  isDown(server: number): boolean;
  setDown(server: number, down: boolean): void;
  setWeight(server: number, weight: number): void;
  version(): number;
}

/** The hosts at start; `threshold` is the percentage of healthy ones below which health is ignored. */
export function hostsOf(servers: readonly ServerLine[], threshold: number): Hosts {
  checkServers('Envoy', servers, ENVOY_WEIGHTS);
  const weights = servers.map(({ weight }) => weight);
  const downs = servers.map(({ down }) => down);
  let version = 0;

  /** Health counts for 1.4 of itself: no panic while that covers everything. */
  function panics(): boolean {
    const healthy = downs.filter((down) => !down).length;
    const percent = (100 * healthy) / servers.length;
    return Math.floor(1.4 * percent) < 100 && percent < threshold;
  }

  function shares(): Share[] {
    const panic = panics();
    const up = [...servers.keys()].filter((i) => panic || !downs[i]);
    if (servers.every(({ locality }) => locality === undefined)) return normalised(up, 1);
    const localities = new Map(servers.map(({ locality }) => [locality?.name ?? '', locality?.weight ?? 0]));
    const total = [...localities.values()].reduce((sum, weight) => sum + weight, 0);
    return [...localities].flatMap(([name, weight]) => {
      const members = up.filter((i) => (servers[i].locality?.name ?? '') === name);
      return weight === 0 ? [] : normalised(members, weight / total);
    });
  }

  function normalised(members: readonly number[], share: number): Share[] {
    const sum = members.reduce((total, server) => total + weights[server], 0);
    return members.map((server) => ({ server, weight: (weights[server] * share) / sum }));
  }

  return {
    servers,
    text: (server) => servers[server].hashText ?? servers[server].address,
    shares,
    panics,
    isDown: (server) => downs[server],
    setDown(server, down) {
      downs[server] = down;
      version++;
    },
    setWeight(server, weight) {
      checkWeight('Envoy', servers[server].name, weight, ENVOY_WEIGHTS);
      weights[server] = weight;
      version++;
    },
    version: () => version,
  };
}
