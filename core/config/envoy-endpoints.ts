/** An Envoy cluster's `load_assignment` as servers: addresses, weights, localities, health, hash keys. */
import { addressBytes } from '../profile/address.ts';
import { serverLine } from '../profile/servers.ts';
import type { ServerLine } from '../profile/types.ts';
import type { Cursor } from './yaml-cursor.ts';

const MOST_WEIGHT = 4_294_967_295;
const UP = ['HEALTHY', 'UNKNOWN'];
const DOWN = ['UNHEALTHY', 'DRAINING', 'TIMEOUT'];

/** What of the cluster bears on its endpoints. */
export interface EndpointRules {
  readonly byHostname: boolean;
  readonly byLocality: boolean;
}

/** The endpoints in the order of the file. */
export function endpointsOf(assignment: Cursor, rules: EndpointRules): ServerLine[] {
  assignment.allow(['cluster_name', 'endpoints', 'policy']);
  assignment.get('policy')?.allow(['weighted_priority_health']);
  return (assignment.get('endpoints')?.items() ?? []).flatMap((group, i) => {
    group.allow(['locality', 'lb_endpoints', 'load_balancing_weight', 'priority']);
    const priority = group.get('priority');
    if (priority && priority.integer(0, 128) !== 0)
      throw priority.error(
        'is not 0: how requests spill over from one priority to the next is not known here.',
      );
    const weight = group.get('load_balancing_weight')?.integer(0, MOST_WEIGHT) ?? 0;
    const locality = rules.byLocality ? { locality: { name: localityOf(group, i), weight } } : {};
    return (group.get('lb_endpoints')?.items() ?? []).map((endpoint) => ({
      ...endpointOf(endpoint, rules),
      ...locality,
    }));
  });
}

function localityOf(group: Cursor, i: number): string {
  const locality = group.get('locality');
  locality?.allow(['region', 'zone', 'sub_zone']);
  return locality ? JSON.stringify(locality.value()) : `${i}`;
}

function endpointOf(at: Cursor, { byHostname }: EndpointRules): ServerLine {
  at.allow(['endpoint', 'load_balancing_weight', 'health_status', 'metadata']);
  const endpoint = at.get('endpoint');
  if (!endpoint) throw at.error("needs an 'endpoint'.");
  endpoint.allow(['address', 'hostname', 'health_check_config']);
  const address = addressOf(endpoint);
  const hostname = endpoint.get('hostname')?.text();
  if (byHostname && !hostname)
    throw endpoint.error("needs a 'hostname', which use_hostname_for_hashing hashes.");
  const hashText = hashKeyOf(at) ?? (byHostname ? hostname : undefined);
  const weight = at.get('load_balancing_weight')?.integer(1, MOST_WEIGHT) ?? 1;
  return serverLine(address, { weight, down: isDown(at), ...(hashText !== undefined && { hashText }) });
}

function isDown(endpoint: Cursor): boolean {
  const status = endpoint.get('health_status');
  const text = status?.text() ?? 'UNKNOWN';
  if (UP.includes(text)) return false;
  if (DOWN.includes(text)) return true;
  throw (status ?? endpoint).error(`is '${text}'; it must be one of ${[...UP, ...DOWN].join(', ')}.`);
}

/** Metadata of the endpoint may say what to hash in place of its address. */
function hashKeyOf(endpoint: Cursor): string | undefined {
  const key = endpoint.get('metadata')?.get('filter_metadata')?.get('envoy.lb')?.get('hash_key')?.value();
  return typeof key === 'string' && key !== '' ? key : undefined;
}

/** The address as Envoy writes it: `10.0.0.1:80`, `[::1]:80`, a pipe's path. */
function addressOf(endpoint: Cursor): string {
  const address = endpoint.get('address');
  if (!address) throw endpoint.error("needs an 'address'.");
  address.allow(['socket_address', 'pipe']);
  const pipe = address.get('pipe')?.get('path');
  if (pipe) return pipe.text();
  const socket = address.get('socket_address');
  if (!socket) throw address.error("needs a 'socket_address'.");
  socket.allow(['address', 'port_value', 'protocol', 'ipv4_compat', 'resolver_name']);
  const [host, port] = [socket.get('address'), socket.get('port_value')];
  if (!host || !port) throw socket.error("needs an 'address' and a 'port_value'.");
  const bytes = addressBytes(host.text());
  if (bytes === null)
    throw host.error(
      `is '${host.text()}': Envoy hashes the IP address, which a name only has once it is resolved.`,
    );
  return `${bytes.length === 16 ? `[${host.text()}]` : host.text()}:${port.integer(0, 65_535)}`;
}
