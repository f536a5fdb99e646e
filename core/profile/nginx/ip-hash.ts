/** nginx `ip_hash`: three bytes of an IPv4 address or all of an IPv6 one (ngx_http_upstream_ip_hash_module.c). */
import { InputError } from '../../input-error.ts';
import { addressBytes } from '../address.ts';
import type { ProfileEntry, Scheme, ServerLine } from '../types.ts';
import { serverAt } from './hash.ts';
import { hashingScheme } from './request.ts';
import type { Candidates } from './request.ts';
import { turnsOf } from './turns.ts';

const START = 89;
const decoder = new TextDecoder();

/** The bytes that count: /24 of an IPv4 address, so that neighbours share a server. */
function clientBytes(key: Uint8Array): Uint8Array {
  const text = decoder.decode(key.subarray(0, 64));
  if (/^unix:/.test(text)) return new Uint8Array(3);
  const bytes = key.length > 64 ? null : addressBytes(text);
  if (bytes === null) {
    throw new InputError(
      `The key ${JSON.stringify(text)} is no IP address, and ip_hash hashes the client's address.`,
    );
  }
  return bytes.length === 4 ? bytes.subarray(0, 3) : bytes;
}

function ipHash(servers: readonly ServerLine[]): Scheme {
  const turns = turnsOf(servers);

  function candidates(key: Uint8Array): Candidates {
    const bytes = clientBytes(key);
    const round = (from: number): number => bytes.reduce((hash, byte) => (hash * 113 + byte) % 6271, from);
    const first = round(START);
    let hash = first;
    return {
      hash: first,
      movesOn: true,
      position: () => hash % turns.total(),
      servers: () => [serverAt(hash % turns.total(), servers, turns)],
      advance: () => void (hash = round(hash)),
    };
  }

  const scheme = hashingScheme(servers, turns, { unit: 'slot', candidates, rebuild() {} });
  return { ...scheme, picky: true };
}

export const nginxIpHash: ProfileEntry = {
  name: 'nginx-ip-hash',
  summary: "is nginx with `ip_hash`: the client's network modulo the total weight; keys are IP addresses",
  source: 'nginx 1.22, ngx_http_upstream_ip_hash_module.c',
  can: { removes: 'any', weights: true, keys: true, state: 'none', reweights: true },
  options: {},
  make: () => ipHash,
};
