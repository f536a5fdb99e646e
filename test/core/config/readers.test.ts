/** The readers of configurations: what they take over, and what they refuse with its line. */
import { describe, expect, it } from 'vitest';
import { readEnvoy } from '../../../core/config/envoy.ts';
import { readHaproxy } from '../../../core/config/haproxy.ts';
import { readNginx } from '../../../core/config/nginx.ts';

const upstream = (body: string): string => `upstream u {\n${body}\n}`;
const backend = (body: string): string => `backend b\n${body}\n`;

describe('readNginx', () => {
  it('reads servers, weights, quotes and comments, wherever the upstream stands', () => {
    const text = `http { # } a comment\n  upstream "u" { hash "\${scheme}$request_uri" consistent; zone z 64k;\n server a:1 weight=3 max_fails=2 fail_timeout=10s; server 'b:2' down; } }`;
    const { name, profile, servers } = readNginx(text);
    expect([name, profile]).toEqual(['u', 'nginx-ketama']);
    expect(servers).toMatchObject([{ name: 'a:1', weight: 3, down: false }, { name: 'b:2', down: true }]); // prettier-ignore
  });

  it.each([
    ['hash $a consistnt;\nserver a;', /^Line 2: .*consistnt/],
    ['server a wieght=2;', /^Line 2: .*'wieght=2'.*'weight'/],
    ['server a weight=0;', /^Line 2: .*integer from 1/],
    ['server a;\nleast_conn two;', /^Line 3: 'least_conn'/],
    ['server a;\nrandom two least_conn;', /^Line 3: 'random'.*at random/],
    ['server a;\nhsah $x;', /^Line 3: .*'hsah'.*'hash'/],
    ['server a', /^Line 2: .*';'/],
    ['hash $a;\nserver a;\nserver b backup;', /^Line 4: .*backup/],
    ['server a resolve;', /^Line 2: .*resolve/],
    ['', /no server/],
  ])('refuses %j', (body, error) => {
    expect(() => readNginx(upstream(body))).toThrow(error);
  });

  it('wants a name where there are several, and one that exists', () => {
    const two = 'upstream a { server x; } upstream b { server y; }';
    expect(() => readNginx(two)).toThrow(/--backend: a, b/);
    expect(() => readNginx(two, 'c')).toThrow(/no upstream 'c'/);
    expect(readNginx(two, 'b').servers[0].name).toBe('y');
    expect(() => readNginx('')).toThrow(/no upstream/);
    expect(() => readNginx('upstream a { server x;')).toThrow(/never closed/);
  });
});

describe('readHaproxy', () => {
  it('reads defaults, default-server, ids, backups, and the hash', () => {
    const text = `defaults\n  balance uri depth 3 whole\n  hash-type consistent wt6 avalanche\nbackend b\n  default-server weight 5 check inter 2s\n  option allbackups\n  server s1 10.0.0.1:80\n  server s2 10.0.0.2:80 id 7 weight 9 backup disabled # last\n`;
    const { profile, options, servers } = readHaproxy(text);
    expect(profile).toBe('haproxy-consistent');
    expect(options).toEqual({ balance: 'uri', depth: 3, whole: true, hash: 'wt6', avalanche: true, allBackups: true }); // prettier-ignore
    expect(servers).toMatchObject([{ name: 's1', weight: 5 }, { name: 's2', id: 7, weight: 9, backup: true, down: true }]); // prettier-ignore
  });

  it.each([
    ['balance urii\nserver a b:1', /^Line 2: .*'uri'/],
    ['balance random\nserver a b:1', /^Line 2: .*at random/],
    ['hash-type consistant\nserver a b:1', /^Line 2: .*consistant/],
    ['hash-type consistent sdmb\nserver a b:1', /^Line 2: .*sdmb/],
    ['server a b:1 wieght 3', /^Line 2: .*'weight'/],
    ['server a b:1 weight 257', /^Line 2: .*0 to 256/],
    ['server a b:1\nserver a c:1', /^Line 3: .*twice/],
    ['server a b:1\nuse-server a if TRUE', /^Line 3: 'use-server'/],
    ['server a b:1\ncookie SRV insert', /^Line 3: 'cookie'/],
    ['server a b:1\nhash-balance-factor 50', /^Line 3: .*over 100/],
    ['servr a b:1', /^Line 2: .*'server'/],
    ['server a "b:1', /^Line 2: .*quote/],
    ['balance roundrobin', /no servers/],
  ])('refuses %j', (body, error) => {
    expect(() => readHaproxy(backend(body))).toThrow(error);
  });

  it('refuses lines before a section, and a backend that is not there', () => {
    expect(() => readHaproxy('server a b:1')).toThrow(/^Line 1: .*section/);
    expect(() => readHaproxy(backend('server a b:1'), 'c')).toThrow(/no backend 'c'/);
  });
});

describe('readEnvoy', () => {
  const endpoint = (address: string, more = ''): string =>
    `    - endpoint: {address: {socket_address: {address: ${address}, port_value: 80}}}\n${more}`;
  const cluster = (policy: string, endpoints: string): string =>
    `name: c\n${policy}\nload_assignment:\n  cluster_name: c\n  endpoints:\n  - lb_endpoints:\n${endpoints}`;

  it('reads weights, health, hash keys and the sizes of tables', () => {
    const more = '      load_balancing_weight: 4\n      health_status: UNHEALTHY\n      metadata: {filter_metadata: {envoy.lb: {hash_key: k}}}\n'; // prettier-ignore
    const policy = 'lb_policy: RING_HASH\nring_hash_lb_config: {minimum_ring_size: 64, hash_function: MURMUR_HASH_2}\ncommon_lb_config: {consistent_hashing_lb_config: {hash_balance_factor: 150}}'; // prettier-ignore
    const read = readEnvoy(cluster(policy, endpoint('10.0.0.1') + endpoint('"::1"', more)));
    expect(read).toMatchObject({ profile: 'envoy-ring-hash', options: { minimum: 64, hash: 'murmur-hash-2', factor: 150 } }); // prettier-ignore
    expect(read.servers).toMatchObject([{ name: '10.0.0.1:80' }, { name: '[::1]:80', weight: 4, down: true, hashText: 'k' }]); // prettier-ignore
  });

  it.each([
    ['lb_policy: ROUND_ROBIN', endpoint('10.0.0.1'), /^Line 2: .*ROUND_ROBIN/],
    ['lb_policy: MAGLEV\nmaglev_lb_config: {tabel_size: 7}', endpoint('10.0.0.1'), /^Line 3: .*'table_size'/],
    ['lb_policy: MAGLEV', endpoint('example.com'), /^Line 7: .*resolved/],
    ['lb_policy: MAGLEV', endpoint('10.0.0.1', '      load_balancing_weight: 0\n'), /^Line 8: .*from 1/],
    [
      'lb_policy: MAGLEV\nlb_subset_config: {fallback_policy: ANY_ENDPOINT}',
      endpoint('10.0.0.1'),
      /^Line 3: .*lb_subset_config.*metadata/,
    ],
    ['lb_policy: LEAST_REQUEST', endpoint('10.0.0.1'), /^Line 2: .*LEAST_REQUEST.*random/],
    ['lb_policy: MAGLEV\n\tx', '', /no YAML/],
  ])('refuses %j', (policy, endpoints, error) => {
    expect(() => readEnvoy(cluster(policy, endpoints))).toThrow(error);
  });
});
