/** Every format of configuration that the lab reads, by the flag that names a file of it. */
export { readNginx as nginx } from './nginx.ts';
export { readHaproxy as haproxy } from './haproxy.ts';
export { readEnvoy as envoy } from './envoy.ts';
