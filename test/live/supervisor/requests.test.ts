/** LAB 3.3 to 3.7 and 3.10 on the control socket: texts, statuses, and that a bad payload changes nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Stack } from './stack.ts';
import { call, startStack } from './stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ maxReplicas: 8 });
});
afterAll(async () => {
  await stack.close();
});

const add = (payload: unknown, type?: string) => call(stack.control, 'POST', '/add', payload, type);
const rm = (payload: unknown, type?: string) => call(stack.control, 'DELETE', '/rm', payload, type);

describe('a bad payload is refused and changes nothing', () => {
  const positive = 'n must be a positive integer';
  const cases: [what: string, payload: unknown, reason: string | RegExp, type?: string][] = [
    ['n is missing', {}, positive],
    ['n is 0', { n: 0 }, positive],
    ['n is negative', { n: -1 }, positive],
    ['n is a fraction', { n: 1.5 }, positive],
    ['n is text', { n: '2' }, positive],
    ['n is null', { n: null }, positive],
    ['n is beyond the integers', { n: 1e300 }, positive],
    ['a list', [1], /must be a JSON object/],
    ['null', null, /must be a JSON object/],
    ['malformed', '{"n": 1', 'the payload is not valid JSON'],
    ['empty', '', 'the payload is not valid JSON'],
    ['hostnames are no list', { n: 1, hostnames: 'S9' }, 'hostnames must be a list of strings'],
    ['a hostname is no string', { n: 1, hostnames: [9] }, 'every hostname must be a string'],
    ['a hostname has a space', { n: 1, hostnames: ['Server 1'] }, /^hostname 'Server 1' is not valid/],
    ['a hostname is one letter', { n: 1, hostnames: ['S'] }, /^hostname 'S' is not valid/],
    ['a hostname is too long', { n: 1, hostnames: ['x'.repeat(64)] }, /is not valid/],
    ['a hostname begins with a hyphen', { n: 1, hostnames: ['-rf'] }, /is not valid/],
    ['a hostname is a path', { n: 1, hostnames: ['../../etc'] }, /is not valid/],
    ['a hostname is reserved', { n: 1, hostnames: ['localhost'] }, "hostname 'localhost' is reserved"],
    ['a hostname is repeated', { n: 2, hostnames: ['S9', 's9'] }, "hostname 's9' is repeated"],
    ['another content type', { n: 1 }, /must be application\/json, not 'text\/plain'/, 'text/plain'],
    ['too large', { n: 1, x: 'x'.repeat(70_000) }, /larger than 65536 bytes/],
  ];
  test.each(cases)('%s', async (_, payload, reason, type) => {
    for (const send of [add, rm]) {
      const before = stack.supervisor.snapshot;
      const { status, body } = await send(payload, type);
      expect(status).toBe(400);
      expect(body.status).toBe('failure');
      const message = body.message as string;
      expect(message.startsWith('<Error> ')).toBe(true);
      const said = message.slice('<Error> '.length);
      if (typeof reason === 'string') expect(said).toBe(reason);
      else expect(said).toMatch(reason);
      expect(stack.supervisor.snapshot).toEqual(before);
    }
  });

  test('more hostnames than n, in the words of the lab', async () => {
    const payload = { n: 1, hostnames: ['S5', 'S4'] };
    expect(await add(payload)).toEqual({
      status: 400,
      body: {
        message: '<Error> Length of hostname list is more than newly added instances',
        status: 'failure',
      },
    });
    expect(await rm(payload)).toEqual({
      status: 400,
      body: {
        message: '<Error> Length of hostname list is more than removable instances',
        status: 'failure',
      },
    });
  });

  test('a hostname that is taken, one that is unknown, too many to add or to remove', async () => {
    const reasons = [
      await add({ n: 1, hostnames: ['s1'] }),
      await rm({ n: 1, hostnames: ['S9'] }),
      await add({ n: 6 }),
      await rm({ n: 4 }),
    ].map(({ status, body }) => [status, body.message]);
    expect(reasons).toEqual([
      [400, "<Error> hostname 's1' is already taken"],
      [400, "<Error> there is no replica 'S9'"],
      [400, '<Error> n is 6, but with 3 replicas there may be 5 more'],
      [400, '<Error> n is 4, but there are 3 replicas'],
    ]);
    expect(stack.names()).toEqual(['S1', 'S2', 'S3']);
  });
});

test('added replicas get the given names and the free ids; removed ones are gone when the answer comes', async () => {
  const added = await add({ n: 3, hostnames: ['S5', 'S4'] });
  expect(added.status).toBe(200);
  expect(added.body.status).toBe('successful');
  const { N, replicas } = added.body.message as { N: number; replicas: string[] };
  expect(N).toBe(6);
  expect(replicas.slice(0, 5)).toEqual(['S1', 'S2', 'S3', 'S5', 'S4']);
  expect(replicas[5]).toMatch(/^r-[a-z2-9]{8}$/);
  expect(stack.ready().map(({ id, handle }) => [id, handle])).toEqual(
    [1, 2, 3, 4, 5, 6].map((id) => [id, id - 1]),
  );

  const removed = await rm({ n: 4, hostnames: ['S2', 's5'] });
  expect(removed.status).toBe(200);
  const left = (removed.body.message as { replicas: string[] }).replicas;
  expect(left).toHaveLength(2);
  expect(left).not.toContain('S2');
  expect(left).not.toContain('S5');
  expect(await stack.driver.list()).toHaveLength(2);

  const again = await add({ n: 1 });
  expect((again.body.message as { N: number }).N).toBe(3);
  const { id, handle } = stack.ready().at(-1) ?? {};
  expect([id, handle]).toEqual([Math.min(...[1, 2, 3, 4].filter((at) => !used(at))), 6]);

  function used(at: number): boolean {
    return stack
      .ready()
      .slice(0, -1)
      .some((member) => member.id === at);
  }
});

test('concurrent /add and /rm lose and double nothing', async () => {
  const before = stack.names().length;
  const calls = [
    add({ n: 2, hostnames: ['A1'] }),
    add({ n: 1, hostnames: ['A1'] }),
    rm({ n: 1 }),
    add({ n: 1 }),
    rm({ n: 1 }),
  ];
  const statuses = (await Promise.all(calls)).map(({ status }) => status).sort();
  expect(statuses).toEqual([200, 200, 200, 200, 400]);
  expect(stack.supervisor.snapshot.wanted).toBe(before + 1);
  await stack.supervisor.complete(5000);
  expect(stack.names()).toHaveLength(before + 1);
  expect(new Set(stack.ready().map(({ id }) => id)).size).toBe(before + 1);
  expect((await stack.driver.list()).map(({ name }) => name).sort()).toEqual(stack.names().sort());
});

test('all may be removed, and some added again', async () => {
  await rm({ n: stack.names().length });
  expect(stack.supervisor.snapshot).toMatchObject({ wanted: 0, members: [] });
  const { body } = await add({ n: 2, hostnames: ['S1', 'S2'] });
  expect(body.message).toEqual({ N: 2, replicas: ['S1', 'S2'] });
  expect(stack.ready().map(({ id }) => id)).toEqual([1, 2]);
});
