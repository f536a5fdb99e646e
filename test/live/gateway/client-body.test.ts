/** How slow the client of a body is taken to be. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ClientBody } from '../../../live/gateway/client-body.ts';
import { BodyReader } from '../../../live/http/body-reader.ts';

const nothing = (): void => undefined;
const source = { bodyWanted: nothing, bodyHeld: nothing, bodySlow: nothing };
const sink = { take: nothing, flush: () => true, end: nothing, abort: nothing };

it('is no slower than since it has somewhere to go', async () => {
  const body = new ClientBody(source, new BodyReader('length', 4, { headBytes: 100, fields: 10 }), 0);
  await sleep(1000);
  body.start(sink);
  expect(body.slowMs(8192, performance.now())).toBeLessThan(500);
});

it('counts from its first start, whoever has it later', async () => {
  const body = new ClientBody(source, new BodyReader('length', 4, { headBytes: 100, fields: 10 }), 0);
  body.keep(4, 4);
  body.start(sink);
  body.feed(Buffer.from('x'));
  await sleep(1000);
  body.start(sink);
  expect(body.slowMs(8192, performance.now())).toBeGreaterThan(900);
});
