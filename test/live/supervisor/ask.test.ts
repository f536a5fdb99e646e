/** Whoever asks a supervisor gets an answer or hears that there is none, however the supervisor ends. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { restartStack } from '../../../live/restart.ts';
import { ask, supervisorOf } from '../../../live/supervisor/ask.ts';
import { temporary } from '../../temporary.ts';

const control = join(temporary(), 'control.sock');
const server = createServer();
afterEach(() => {
  server.removeAllListeners('request');
  server.close();
  server.closeAllConnections();
});

async function answering(listener: RequestListener): Promise<void> {
  server.on('request', listener).listen(control);
  await once(server, 'listening');
}

test('a supervisor is known by its number, and none by null', async () => {
  expect(await supervisorOf(control)).toBeNull();
  await answering((_, response) => response.end('{"pid":17}'));
  expect(await supervisorOf(control)).toBe(17);
});

test('one that says nothing is there, but busy', async () => {
  await answering(() => undefined);
  expect(await supervisorOf(control)).toBe(0);
});

test('one that ends in the middle of its answer is an error, and no wait without end', async () => {
  await answering((_, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('{"pid":', () => response.destroy());
  });
  await expect(ask(control, 'GET', '/healthz')).rejects.toThrow('aborted');
  expect(await supervisorOf(control)).toBeNull();
});

test('a restart says which process has the stack, or why it goes on as before', async () => {
  await expect(restartStack(control)).rejects.toThrow(`No stack answers on ${control}.`);
  let outcome: (response: ServerResponse) => void = () => undefined;
  await answering(({ url }, response) => {
    if (url === '/healthz') response.end('{"pid":17}');
    else outcome(response);
  });
  outcome = (response) => response.end('{"pid":18}');
  expect(await restartStack(control)).toBe('Process 18 has the stack now.');
  outcome = (response) => response.writeHead(503).end('{"error":"it is tired"}');
  await expect(restartStack(control)).rejects.toThrow('goes on as before: it is tired.');
  outcome = (response) => response.write('{', () => response.destroy());
  await expect(restartStack(control)).rejects.toThrow('goes on as before: aborted.');
});
