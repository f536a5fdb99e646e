/** The end of a gateway: what is under way is finished, and nothing new begins. */
import { Agent, request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { backend, gatewayBefore, readyAt, text, until } from './stage.ts';

describe('a gateway that closes', () => {
  it('finishes requests under way, tells their clients that the connection ends, and takes no more', async () => {
    let asked = 0;
    const port = await backend((_request, response) => {
      asked++;
      setTimeout(() => response.end('done'), 200);
    });
    const { gateway } = await gatewayBefore(readyAt(port));
    const agent = new Agent({ keepAlive: true });
    const answer = new Promise<IncomingMessage>((resolve, reject) => {
      httpRequest(gateway.url, { agent }, resolve).on('error', reject).end();
    });
    await until(() => asked === 1);
    const start = performance.now();
    const closed = gateway.close();
    const response = await answer;
    expect(await text(response)).toBe('done');
    expect(response.headers.connection).toBe('close');
    await closed;
    expect(performance.now() - start).toBeLessThan(1500);
    await expect(fetch(gateway.url)).rejects.toThrow();
    agent.destroy();
  });
});
