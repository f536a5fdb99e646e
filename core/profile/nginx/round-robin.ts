/** nginx without a method: smooth weighted round robin, whatever the key (ngx_http_upstream_round_robin.c). */
import type { ProfileEntry, Scheme, ServerLine } from '../types.ts';
import { hashingScheme } from './request.ts';
import { turnsOf } from './turns.ts';

function roundRobin(servers: readonly ServerLine[]): Scheme {
  return hashingScheme(servers, turnsOf(servers), {
    unit: 'turn',
    keyless: 'the turns of round robin decide, whatever the key',
    candidates: () => null,
    rebuild() {},
  });
}

export const nginxRoundRobin: ProfileEntry = {
  name: 'nginx-round-robin',
  summary: 'is nginx without a method: smooth weighted round robin, backups when nothing else is up',
  source: 'nginx 1.22, ngx_http_upstream_round_robin.c',
  can: { removes: 'any', weights: true, keys: false, state: 'turns', reweights: true },
  options: {},
  make: () => roundRobin,
};
