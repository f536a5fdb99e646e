/** A replica that is back from its ejection gets one request at a time, whatever becomes of those that it had before. */
import { expect, it } from 'vitest';
import { scenario } from '../../../core/scenario.ts';
import { backend, gatewayBefore, labReplica, readyAt, until } from './stage.ts';

const manner = { outlierFailures: 1, ejectMs: 100, tryTimeout: 'off', headMs: 60_000 };

it('a replica on trial gets no second request as one of before its ejection ends', async () => {
  const asked: string[] = [];
  const flaky = await backend(({ socket, url = '' }) => {
    asked.push(url);
    if (url === '/reset') socket.resetAndDestroy(); // all else hangs
  });
  const members = readyAt(flaky, await backend(labReplica('S2')));
  const options = { ...manner, scenario: scenario({ policy: 'round-robin' }) };
  const { gateway } = await gatewayBefore(members, options);
  const leaving = new AbortController();
  const staying = new AbortController();
  /** Asks until S1 has this one too. */
  const hang = async (url: string, { signal }: AbortController): Promise<void> => {
    while (!asked.includes(url)) {
      fetch(gateway.url + url, { signal }).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  await hang('/before', leaving);
  while (!asked.includes('/reset')) await fetch(`${gateway.url}/reset`);
  await hang('/trial', staying);
  const inFlight = async (): Promise<number> => {
    const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
    return Number(/^evenly_in_flight (\d+)$/m.exec(metrics)?.[1]);
  };
  leaving.abort();
  await until(async () => (await inFlight()) === 1);
  asked.length = 0;
  for (let i = 0; i < 6; i++) await fetch(`${gateway.url}/home`, { signal: AbortSignal.timeout(5000) });
  expect(asked).toEqual([]);
  staying.abort();
});
