/** The Grafana dashboard asks for metrics that there are, by labels that they have. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { backend, gatewayBefore, labReplica, readyAt } from './stage.ts';

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

const file = new URL('../../../live/grafana/evenly.json', import.meta.url);

test('every panel of the dashboard queries metrics that a gateway exposes', async () => {
  const { panels } = JSON.parse(readFileSync(file, 'utf8')) as Dashboard;
  const { gateway } = await gatewayBefore(readyAt(await backend(labReplica('S1'))));
  await fetch(`${gateway.url}/home`);
  const text = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
  const types = new Map([...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, type]) => [name, type]));
  const queried = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  expect(queried.length).toBeGreaterThan(15);
  for (const expr of queried) {
    const names = [...expr.matchAll(/\b((?:evenly|process|nodejs)_\w+)\b/g)].map(([, name]) => name);
    expect(names, expr).not.toEqual([]);
    for (const name of names) {
      const type = types.get(name) ?? types.get(name.replace(/_bucket$/, ''));
      expect(type, `${name} in ${expr}`).toBeDefined();
      if (/\b(?:rate|increase)\(/.test(expr)) expect(['counter', 'histogram'], expr).toContain(type);
    }
  }
  for (const name of types.keys()) {
    if (name.startsWith('evenly_')) expect(queried.join(), `nobody sees ${name}`).toContain(name);
  }
});
