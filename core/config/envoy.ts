/** An Envoy cluster in YAML, alone or in a bootstrap file, as servers and a method. */
import type { ProfileOptions } from '../profile/types.ts';
import { endpointsOf } from './envoy-endpoints.ts';
import { chooseSection } from './types.ts';
import type { Backend } from './types.ts';
import { readYaml } from './yaml-cursor.ts';
import type { Cursor } from './yaml-cursor.ts';

const CLUSTER = ['name', 'type', 'lb_policy', 'ring_hash_lb_config', 'maglev_lb_config', 'common_lb_config', 'load_assignment', 'load_balancing_policy']; // prettier-ignore
const HARMLESS = ['@type', 'alt_stat_name', 'connect_timeout', 'per_connection_buffer_limit_bytes', 'health_checks', 'max_requests_per_connection', 'circuit_breakers', 'upstream_http_protocol_options', 'common_http_protocol_options', 'http_protocol_options', 'http2_protocol_options', 'typed_extension_protocol_options', 'dns_refresh_rate', 'dns_failure_refresh_rate', 'respect_dns_ttl', 'dns_lookup_family', 'dns_resolvers', 'typed_dns_resolver_config', 'outlier_detection', 'cleanup_interval', 'upstream_bind_config', 'transport_socket', 'metadata', 'protocol_selection', 'upstream_connection_options', 'close_connections_on_host_health_failure', 'ignore_health_on_host_removal', 'filters', 'track_timeout_budgets', 'track_cluster_stats', 'preconnect_policy', 'connection_pool_per_downstream_connection', 'wait_for_warm_on_init']; // prettier-ignore
const COMMON = ['healthy_panic_threshold', 'consistent_hashing_lb_config', 'locality_weighted_lb_config'];
const COMMON_HARMLESS = ['update_merge_window', 'ignore_new_hosts_until_first_hc', 'close_connections_on_host_set_change', 'zone_aware_lb_config', 'override_host_status']; // prettier-ignore
const MOST_ENTRIES = 8_388_608;

interface Method {
  readonly profile: string;
  readonly options: ProfileOptions;
  readonly byHostname: boolean;
  readonly byLocality: boolean;
}

/** Reads the cluster of that name, or the only one. */
export function readEnvoy(text: string, wanted?: string): Backend {
  const clusters = clustersOf(readYaml(text)).map((cursor) => ({
    name: cursor.get('name')?.text() ?? '',
    cursor,
  }));
  const { name, cursor } = chooseSection('cluster', clusters, wanted);
  if (cursor.has('lb_subset_config'))
    throw cursor.get('lb_subset_config')?.error('chooses hosts by metadata of the route, which no key tells.') ?? cursor.error('has an empty lb_subset_config.'); // prettier-ignore
  cursor.allow(CLUSTER, HARMLESS);
  const type = cursor.get('type')?.text() ?? 'STATIC';
  if (!['STATIC', 'STRICT_DNS', 'LOGICAL_DNS'].includes(type))
    throw (cursor.get('type') ?? cursor).error(`is ${type}: its endpoints are not in this file.`);
  const method = methodOf(cursor);
  const assignment = cursor.get('load_assignment');
  const servers = assignment ? endpointsOf(assignment, method) : [];
  if (servers.length === 0) throw (assignment ?? cursor).error('has no endpoints.');
  const panic = cursor.get('common_lb_config')?.get('healthy_panic_threshold')?.get('value')?.value();
  const options = typeof panic === 'number' ? { ...method.options, panic } : method.options;
  return { name, profile: method.profile, options, servers };
}

/** A bootstrap's static clusters, a list of clusters, or one cluster. */
function clustersOf(root: Cursor): readonly Cursor[] {
  const list = root.get('static_resources')?.get('clusters') ?? root.get('clusters') ?? root.get('resources');
  if (list) return list.items();
  if (Array.isArray(root.value())) return root.items();
  const looksAlone = root.has('lb_policy') || root.has('load_assignment') || root.has('name');
  if (!looksAlone) throw root.error('has no cluster: neither static_resources.clusters nor fields of one.');
  return [root];
}

function methodOf(cluster: Cursor): Method {
  const common = cluster.get('common_lb_config');
  common?.allow(COMMON, COMMON_HARMLESS);
  const extension = cluster.get('load_balancing_policy');
  if (extension) return extensionOf(extension);
  const policy = cluster.get('lb_policy')?.text() ?? 'ROUND_ROBIN';
  const rules = consistencyOf(common);
  if (policy === 'RING_HASH')
    return {
      profile: 'envoy-ring-hash',
      ...rules,
      options: { ...rules.options, ...ringOptions(cluster.get('ring_hash_lb_config')) },
    };
  if (policy === 'MAGLEV')
    return {
      profile: 'envoy-maglev',
      ...rules,
      options: { ...rules.options, ...maglevOptions(cluster.get('maglev_lb_config')) },
    };
  throw (cluster.get('lb_policy') ?? cluster).error(
    `is ${policy}, which begins at random and looks at no key; only RING_HASH and MAGLEV can be answered key for key.`,
  );
}

/** What either field `common_lb_config` or an extension says of hostnames, bounds and localities. */
function consistencyOf(at: Cursor | null): Pick<Method, 'options' | 'byHostname' | 'byLocality'> {
  const hashing = at?.get('consistent_hashing_lb_config');
  hashing?.allow(['use_hostname_for_hashing', 'hash_balance_factor']);
  const factor = hashing?.get('hash_balance_factor')?.integer(100, 4_294_967_295);
  return {
    options: factor === undefined ? {} : { factor },
    byHostname: hashing?.get('use_hostname_for_hashing')?.boolean() ?? false,
    byLocality: at?.has('locality_weighted_lb_config') ?? false,
  };
}

function ringOptions(at: Cursor | null, more: readonly string[] = []): ProfileOptions {
  at?.allow(['minimum_ring_size', 'maximum_ring_size', 'hash_function'], more);
  const [least, most] = [at?.get('minimum_ring_size'), at?.get('maximum_ring_size')];
  const hash = at?.get('hash_function');
  const name = hash?.text() ?? 'XX_HASH';
  if (hash && !['XX_HASH', 'DEFAULT_HASH', 'MURMUR_HASH_2'].includes(name))
    throw hash.error(`is '${name}'; it must be XX_HASH or MURMUR_HASH_2.`);
  return {
    ...(least && { minimum: least.integer(1, MOST_ENTRIES) }),
    ...(most && { maximum: most.integer(1, MOST_ENTRIES) }),
    ...(name === 'MURMUR_HASH_2' && { hash: 'murmur-hash-2' }),
  };
}

function maglevOptions(at: Cursor | null, more: readonly string[] = []): ProfileOptions {
  at?.allow(['table_size'], more);
  const size = at?.get('table_size');
  return size ? { table: size.integer(2, 5_000_011) } : {};
}

/** `load_balancing_policy`: the first policy of a kind that this lab knows. */
function extensionOf(at: Cursor): Method {
  const shared = ['@type', 'consistent_hashing_lb_config', 'locality_weighted_lb_config'];
  for (const policy of at.get('policies')?.items() ?? []) {
    const config = policy.get('typed_extension_config')?.get('typed_config');
    const type = config?.get('@type')?.text() ?? '';
    const rules = consistencyOf(config ?? null);
    if (config && type.endsWith('.RingHash'))
      return {
        profile: 'envoy-ring-hash',
        ...rules,
        options: { ...rules.options, ...ringOptions(config, shared) },
      };
    if (config && type.endsWith('.Maglev'))
      return {
        profile: 'envoy-maglev',
        ...rules,
        options: { ...rules.options, ...maglevOptions(config, shared) },
      };
    throw policy.error(`is of the type '${type}'; it must be RingHash or Maglev.`);
  }
  throw at.error('has no policies.');
}
