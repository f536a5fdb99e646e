/** Profiles as Balancers: driven by events alone, they choose as they do when asked. */
import { describe, expect, it } from 'vitest';
import { profileBalancer } from '../../../core/profile/balancer.ts';
import { serverLine } from '../../../core/profile/servers.ts';
import { tables } from '../../../core/tables.ts';
import { NONE } from '../../../core/types.ts';

const names = ['10.0.0.1:80', '10.0.0.2:80', '10.0.0.3:80'];
const lines = names.map((name) => serverLine(name, { weight: 2 }));
const byKey = tables.profiles.entries.filter(({ can, name }) => can.keys && name !== 'nginx-ip-hash');

describe.each(tables.profiles.entries.map((entry) => ({ name: entry.name, entry })))('$name', ({ entry }) => {
  const key = '192.0.2.7';
  const joinAll = (): ReturnType<typeof profileBalancer> => {
    const balancer = profileBalancer(entry.make([])(lines));
    for (const [i, name] of names.entries()) balancer.joined({ handle: 10 + i, id: i, name, weight: 2 }, 0);
    return balancer;
  };

  it('picks a replica that has joined, and none once all have left', () => {
    const balancer = joinAll();
    expect([10, 11, 12]).toContain(balancer.pick({ key }, 1));
    for (const handle of [10, 11]) balancer.left(handle, 2);
    if (!entry.name.startsWith('envoy')) expect(balancer.pick({ key }, 3)).toBe(12);
    balancer.left(12, 4);
    if (!entry.name.startsWith('envoy')) expect(balancer.pick({ key }, 5)).toBe(NONE);
  });

  it('turns down servers that share a name, which replicas cannot', () => {
    expect(() => profileBalancer(entry.make([])([lines[0], lines[0]]))).toThrow(/Two servers are named/);
  });

  it('turns down a replica that is no server of it', () => {
    expect(() => { joinAll().joined({ handle: 20, id: 9, name: 'other', weight: 1 }, 0); }).toThrow(/other/); // prettier-ignore
  });
});

describe.each(byKey.map((entry) => ({ name: entry.name, entry })))('$name', ({ entry }) => {
  const keys = Array.from({ length: 300 }, (_, i) => new TextEncoder().encode(`key ${i}`));

  it('comes back to where it was when a server has gone and come', () => {
    const scheme = entry.make([])(lines);
    const before = keys.map((key) => scheme.locate(key));
    scheme.setDown(1, true);
    expect(keys.map((key) => scheme.locate(key))).not.toContain(1);
    scheme.setDown(1, false);
    expect(keys.map((key) => scheme.locate(key))).toEqual(before);
  });

  it('explains the owner that it picks, after the steps that lead there', () => {
    const scheme = entry.make([])(lines);
    for (const key of keys) {
      const { owner, steps, next } = scheme.explain(key);
      const picked = names[scheme.locate(key)];
      expect([owner, steps.at(-1)?.server, scheme.fallbacks(key, 1).map((i) => names[i])]).toEqual([picked, picked, [picked]]); // prettier-ignore
      expect(next).not.toContain(owner);
    }
  });

  it('refuses the same wrong servers as every other', () => {
    const make = entry.make([]);
    for (const weight of [-1, 1.5, NaN, 1e13])
      expect(() => make([serverLine('a:1', { weight })])).toThrow(/weight/);
    expect(() => make([])).toThrow(/at least one/);
    if (!entry.name.startsWith('nginx')) expect(() => make([lines[0], lines[0]])).toThrow(/Two servers/);
  });
});
