/** nginx without a method: smooth weighted round robin, whatever the key (ngx_http_upstream_round_robin.c). */
import { checkServers } from '../servers.ts';
import type { ProfileEntry, Scheme, ServerLine } from '../types.ts';
import { checkedWeight, NGINX_WEIGHTS } from './ketama.ts';
import { hashingScheme } from './request.ts';
import { turnsOf } from './turns.ts';

function roundRobin(servers: readonly ServerLine[]): Scheme {
  checkServers('nginx', servers, NGINX_WEIGHTS);
  const method = { unit: 'turn', candidates: () => null, rebuild() {} };
  const scheme = hashingScheme(servers, turnsOf(servers), method);
  return { ...scheme, setWeight: checkedWeight(servers, scheme) };
}

export const nginxRoundRobin: ProfileEntry = {
  name: 'nginx-round-robin',
  summary: 'is nginx without a method: smooth weighted round robin, backups when nothing else is up',
  source: 'nginx 1.22, ngx_http_upstream_round_robin.c',
  can: { removes: 'any', weights: true, keys: false, state: 'turns', reweights: true },
  options: {},
  make: () => roundRobin,
};
