/** Every real balancer that the lab can be, one line each; `core/tables.ts` makes the table of them. */
export { nginxHash } from './nginx/hash.ts';
export { nginxIpHash } from './nginx/ip-hash.ts';
export { nginxKetama } from './nginx/ketama.ts';
export { nginxRoundRobin } from './nginx/round-robin.ts';
