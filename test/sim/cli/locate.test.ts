/** `lab locate`, `lab explain --profile` and `lab preview` from the outside. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Autopsy } from '../../../core/stats/autopsy.ts';
import { lab } from '../../lab.ts';

const folder = mkdtempSync(join(tmpdir(), 'locate-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const keys = file('keys', 'alpha\nbeta\n\ngamma\n');
const ketama = ['--profile', 'nginx-ketama', '--servers', 'a:1,b:1=2,c:1'];

describe('lab locate', () => {
  it('prints the server of each key, a line each, and nothing else', async () => {
    const config = file(
      'nginx.conf',
      'upstream u { hash $uri consistent; server a:1; server b:1 weight=2; server c:1; }',
    );
    const [named, configured] = await Promise.all([
      lab(['locate', ...ketama, '--keys', keys]),
      lab(['locate', '--nginx', config, '--keys', keys]),
    ]);
    expect(named.stdout.split('\n')).toHaveLength(5);
    expect(named.stdout).toMatch(/^([abc]:1\n){4}$/);
    expect(configured).toEqual(named);
  });

  it('takes bytes that are no UTF-8, a key of a megabyte, and a last line without its newline', async () => {
    const bytes = new Uint8Array(1 << 20).fill(0xff);
    const big = file('big', new Uint8Array([...bytes, 0x0a, 0x80, 0x0a, 0x78]));
    const { stdout, code } = await lab(['locate', ...ketama, '--keys', big]);
    expect([stdout.split('\n').length, code]).toEqual([4, 0]);
  });

  it.each([
    [[...ketama, '--keys', file('empty', '')], /no key in/],
    [[...ketama, '--keys', join(folder, 'none')], /There is no file/],
    [['--nginx', folder, '--keys', keys], /is a folder/],
    [[...ketama, '--down', 'd:1', '--keys', keys], /no server 'd:1'/],
    [[...ketama, '--backend', 'x', '--keys', keys], /--backend/],
    [['--keys', keys], /Name one scheme/],
    [['--profile', 'nginx-ketama', '--keys', keys], /--servers/],
    [['--profile', 'nginx-ketma', '--servers', 'a', '--keys', keys], /'nginx-ketama'/],
    [['--profile', 'nginx-hash', '--servers', 'a=x', '--keys', keys], /no number/],
    [['--profile', 'haproxy-map-based', '--servers', 'a,a', '--keys', keys], /Two servers are named 'a'/],
    [
      ['--profile', 'nginx-ip-hash', '--servers', 'a,b', '--keys', file('ips', '10.0.0.1\nnone\n')],
      /no IP address/,
    ],
    [['--profile', 'haproxy-map-based', '--servers', 'a=0', '--keys', keys], /No server is up/],
  ])('prints one sentence and nothing on stdout for %j', async (args, error) => {
    const { stdout, stderr, code } = await lab(['locate', ...args]);
    expect([stdout, code]).toEqual(['', 2]);
    expect(stderr).toMatch(error);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});

describe('lab explain --profile', () => {
  it('says hash, steps, owner and fallbacks, in words and as JSON', async () => {
    const args = ['explain', ...ketama, '--down', 'b:1', 'alpha'];
    const [words, json] = await Promise.all([lab(args), lab([...args, '--json'])]);
    const { keys: explained } = JSON.parse(json.stdout) as {
      keys: { owner: string; hash: number; next: string[] }[];
    };
    expect(words.stdout).toContain(`hashes 'alpha' to ${explained[0].hash}.`);
    expect(words.stdout).toContain(`Owner: ${explained[0].owner}. Next: ${explained[0].next.join(', ')}.`);
    expect([explained[0].owner, ...explained[0].next].sort()).toEqual(['a:1', 'c:1']);
  });
});

describe('lab preview', () => {
  it('counts moves: removing a server of a ring moves its keys and no others', async () => {
    const { stdout } = await lab(['preview', ...ketama, '--remove', 'b:1', '--generate', '2000', '--json']);
    const { necessary, collateral, servers } = JSON.parse(stdout) as {
      necessary: number;
      collateral: number;
      servers: { name: string; before: number; after: number }[];
    };
    expect(servers.find(({ name }) => name === 'b:1')).toMatchObject({ before: necessary, after: 0 });
    expect(collateral).toBe(0);
    expect(servers.reduce((sum, { after }) => sum + after, 0)).toBe(2000);
  });

  it('generates addresses where the client is hashed, and says where no key is', async () => {
    const change = ['--servers', 'a,b,c', '--remove', 'c', '--generate', '300'];
    const [byClient, turns] = await Promise.all(
      ['nginx-ip-hash', 'nginx-round-robin'].map((name) => lab(['preview', '--profile', name, ...change])),
    );
    expect([byClient.code, byClient.stdout]).toEqual([0, expect.stringMatching(/of 300 keys move/)]);
    expect(turns.stdout).toContain('nginx-round-robin looks at no key');
  });

  it('takes both lines of a server that nginx has twice', async () => {
    const config = file(
      'twice.conf',
      'upstream u { hash $x consistent; server a:1; server b:1; server a:1 weight=2; }',
    );
    const [up, down] = await Promise.all([
      lab(['locate', '--nginx', config, '--keys', keys]),
      lab(['locate', '--nginx', config, '--down', 'a:1', '--keys', keys]),
    ]);
    expect([up.stdout, down.stdout]).toEqual([expect.stringContaining('a:1'), 'b:1\nb:1\nb:1\nb:1\n']);
  });

  it('lists the keys that move, and wants a change to look at', async () => {
    const [moves, none] = await Promise.all([
      lab(['preview', ...ketama, '--to-profile', 'nginx-hash', '--keys', keys, '--moves']),
      lab(['preview', ...ketama]),
    ]);
    for (const line of moves.stdout.trim().split('\n'))
      expect(line).toMatch(/^\w*\t[abc]:1\t[abc]:1\tcollateral$/);
    expect([none.code, none.stdout]).toEqual([2, '']);
  });
});

describe('lab autopsy of a real balancer', () => {
  const autopsy = async (args: string[]): Promise<Autopsy> =>
    JSON.parse((await lab(['autopsy', '--json', ...args])).stdout) as Autopsy;

  it('blames a hot key on popularity, bytes that are no UTF-8 included', async () => {
    const many = Array.from({ length: 300 }, (_, i) => `/item/${i}\n`).join('');
    const hot = Buffer.concat([Buffer.from(many), Buffer.from('\xff\xfe\n'.repeat(700), 'latin1')]);
    const found = await autopsy([...ketama, '--key-file', file('hot', hot)]);
    expect([found.requests, found.keys, found.hottest.share]).toEqual([1000, 301, 0.7]);
    expect(found.popularity).toBeGreaterThan(Math.max(found.hash, found.placement));
    for (const { due, placement, hash, popularity, load } of found.parts)
      expect(due + placement + hash + popularity).toBeCloseTo(load, 12);
  });

  it('asks nothing of a server that is down', async () => {
    const { parts } = await autopsy([...ketama, '--down', 'b:1', '--key-file', keys]);
    expect(parts.map(({ due }) => due)).toEqual([0.5, 0, 0.5]);
    expect(parts[1].load).toBe(0);
  });

  it('says so where no key decides', async () => {
    const { code, stderr } = await lab(['autopsy', '--profile', 'haproxy-leastconn', '--servers', 'a:1,b:1']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('looks at no key')]);
  });
});
