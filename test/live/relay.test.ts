/** What the supervisor tells its gateways, while they end. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { tell } from '../../live/relay.ts';

const SILENT = fileURLToPath(new URL('silent.mjs', import.meta.url));

test('telling a gateway that was killed a moment ago is no error', async () => {
  const child = fork(SILENT);
  await once(child, 'message');
  const errors: unknown[] = [];
  child.on('error', (error) => errors.push(error));
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200); // its end is not heard of before this turn is over
  expect(child.connected).toBe(true);
  tell(child, { type: 'retire' });
  await ended;
  expect(errors).toEqual([]);
});
