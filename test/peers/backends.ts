/** Random HAProxy backends over every method that decides, keys for them, and changes through the runtime interface. */
import type { Scheme } from '../../core/profile/types.ts';
import type { Chance } from './chance.ts';

/** A `balance` line, and whether a `hash-type` belongs to it. */
export interface Method {
  readonly balance: string;
  readonly hashes: boolean;
}

const HASHED = ['hdr(x-key)', 'hdr(x-key) use_domain_only', 'uri', 'uri whole', 'uri depth 2', 'uri len 12 depth 1', 'uri path-only', 'url_param k', 'url_param k check_post', 'source', 'hash req.hdr(x-key),lower', 'hash req.hdr(x-key),xxh64(7)']; // prettier-ignore
export const METHODS: readonly Method[] = [
  ...HASHED.map((method) => ({ balance: `balance ${method}`, hashes: true })),
  ...['roundrobin', 'static-rr', 'first', 'leastconn'].map((method) => ({ balance: `balance ${method}`, hashes: false })), // prettier-ignore
];
const WEIGHTS = [0, 1, 2, 3, 10, 100, 256];

/** A `backend` section: servers with weights, ids, backups, some of them disabled. */
export function backendText(random: Chance, name: string, method: Method, address: string): string {
  const { of, often, below } = random;
  const hashes = ['sdbm', 'djb2', 'wt6', 'crc32'].flatMap((hash) => [` ${hash}`, ` ${hash} avalanche`]);
  const type = of(['', 'hash-type consistent', 'hash-type map-based']);
  const hashType = method.hashes && type !== '' ? ` ${type}${of(['', ...hashes])}` : '';
  const ids = new Set<number>();
  const servers = Array.from({ length: 2 + below(of([3, 7, 20])) }, (_, i) => {
    const id = 1000 + below(2_000_000);
    const own = often(0.2) && !ids.has(id) ? ` id ${id}` : '';
    ids.add(id);
    const weight = often(0.5) ? ` weight ${of(WEIGHTS)}` : '';
    return ` server s${i} ${address}${weight}${own}${often(0.15) ? ' disabled' : ''}${often(0.15) ? ' backup' : ''}`;
  });
  return [`backend ${name}`, ` ${method.balance}`, hashType, often(0.2) ? ' option allbackups' : '', ...servers, ''].join('\n'); // prettier-ignore
}

/** A key of the kind that the method hashes. */
export function keyFor(random: Chance, balance: string): Buffer {
  const { of, below, often, key, address } = random;
  if (balance === 'balance source') return Buffer.from(address());
  if (balance.includes('use_domain_only'))
    return Buffer.from(of(['www.example.com', 'localhost', '.com', 'x.', '..', 'a..b', '10.0.0.1', `www.ex${below(999)}.org:80`])); // prettier-ignore
  if (balance.startsWith('balance url_param'))
    return Buffer.from(
      Array.from({ length: below(20) }, () => of(Array.from('abcXYZ019-_.~%+é語'))).join(''),
    );
  if (!balance.startsWith('balance uri')) return key();
  const path = Array.from({ length: below(5) }, () => of(['a', 'b1', 'longer-part', '..', 'é'])).join('/');
  return Buffer.from(`${often(0.2) ? 'http://lab' : ''}/${path}${often(0.3) ? `?q=${below(99)}/b` : ''}`);
}

/** A change for HAProxy and for the profile. */
export interface Change {
  readonly command: string;
  readonly apply: (scheme: Scheme) => void;
}

/** A weight, or a server that goes or comes. */
export function changeOf({ of, below }: Chance, backend: string, servers: number): Change {
  const server = below(servers);
  const set = `set server ${backend}/s${server}`;
  const weight = of(WEIGHTS);
  const down = of([true, false]);
  if (of([true, false])) return { command: `${set} weight ${weight}`, apply: (scheme) => { scheme.setWeight(server, weight); } }; // prettier-ignore
  return { command: `${set} state ${down ? 'maint' : 'ready'}`, apply: (scheme) => { scheme.setDown(server, down); } }; // prettier-ignore
}
