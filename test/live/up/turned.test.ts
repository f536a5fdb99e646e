/** A gateway that is started again decides as the others do: knobs and weights that were turned reach it. */
import { expect, test } from 'vitest';
import { commandsOf, endedAfterEach, lab, site } from './command.ts';
import type { Running } from './command.ts';

let running: Running | undefined;
endedAfterEach(() => running);

async function gateways(): Promise<number[]> {
  const children = await commandsOf(running?.child.pid);
  return [...children].filter(([, command]) => command.includes('gateway/main')).map(([pid]) => pid);
}

test(
  'weights, policy and limits that were turned outlive the death of every gateway',
  { timeout: 120_000 },
  async () => {
    const place = await site();
    running = lab(['up', '--driver', 'process', ...place.flags, '--gateways', '2', '--replicas', '2', '--policy', 'round-robin']); // prettier-ignore
    await running.announced;
    const balancer = `http://127.0.0.1:${place.adminPort}/balancer`;
    const shown = async (): Promise<unknown> =>
      (await fetch(balancer).catch(() => null))?.json().catch(() => null) ?? null;
    const turn = (changes: object): Promise<Response> =>
      fetch(balancer, { method: 'PUT', body: JSON.stringify(changes) });
    await expect.poll(gateways, { timeout: 30_000 }).toHaveLength(2);

    await turn({ weights: { S1: 4 } });
    await turn({ policy: 'weighted-random', retryOn: [502, 503], hedge: 'p95' });
    await turn({ weights: { S2: 0.5 } });
    const before = await shown();
    expect(before).toMatchObject({
      weights: { S1: 4, S2: 0.5 },
      policy: 'weighted-random',
      retryOn: [502, 503],
    });

    const old = await gateways();
    for (const pid of old) process.kill(pid, 'SIGKILL');
    await expect.poll(shown, { timeout: 60_000, interval: 100 }).toEqual(before);
    expect((await gateways()).filter((pid) => old.includes(pid))).toEqual([]);

    const url = `http://127.0.0.1:${place.port}/home`;
    const counts: Record<string, number> = {};
    for (let i = 0; i < 180; i++) {
      const reply = await fetch(url, { headers: { Connection: 'close' } });
      const name = reply.headers.get('x-replica') ?? '';
      counts[name] = (counts[name] ?? 0) + 1;
    }
    expect(counts['S2'] ?? 0).toBeLessThan(60); // 20 of 180 on average with weights 4 and 0.5; 90 without them
  },
);
