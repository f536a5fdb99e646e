/** Every real balancer that the lab can be, one line each; `core/tables.ts` makes the table of them. */
export { nginxHash } from './nginx/hash.ts';
export { nginxIpHash } from './nginx/ip-hash.ts';
export { nginxLeastConn } from './nginx/least-conn.ts';
export { nginxKetama } from './nginx/ketama.ts';
export { nginxRoundRobin } from './nginx/round-robin.ts';
export { haproxyConsistent } from './haproxy/consistent.ts';
export { haproxyLeastConn } from './haproxy/least-conn.ts';
export { haproxyFirst, haproxyRoundRobin } from './haproxy/round-robin.ts';
export { haproxyMapBased, haproxyStaticRoundRobin } from './haproxy/map.ts';
export { envoyMaglev, envoyRingHash } from './envoy/entries.ts';
export { libketama, libmemcached, twemproxy } from './memcached/entries.ts';
export { spymemcached } from './memcached/spymemcached.ts';
