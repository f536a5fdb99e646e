/** What a stack makes and leaves: names, privileges, networks, refusals, and nothing at the end. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { dockerDriver } from '../../live/driver/docker/driver.ts';
import { supervise } from '../../live/supervisor/supervisor.ts';
import { call } from '../live/supervisor/stack.ts';
import type { Stack } from './stack.ts';
import { docker, Place, startStack } from './stack.ts';

describe.skipIf(inject('skipped') !== null)('a stack of containers', () => {
  let stack: Stack;
  beforeAll(async () => {
    const started = performance.now();
    stack = await startStack();
    process.stdout.write(`3 replicas serve after ${(performance.now() - started).toFixed(0)} ms\n`);
  });
  afterAll(async () => {
    const asked = performance.now();
    await stack.supervisor.close();
    process.stdout.write(`everything is removed after ${(performance.now() - asked).toFixed(0)} ms\n`);
    expect(await stack.place.leftovers()).toEqual([]);
    stack.place.sweep();
  });

  test('answers as the lab says, by the name that the container has', async () => {
    expect(stack.names()).toEqual(['S1', 'S2', 'S3']);
    for (const { host, name, port } of stack.ready()) {
      const home = await fetch(`http://${host}:${port}/home`);
      expect([home.status, await home.json()]).toEqual([200, { message: `Hello from Server: ${name}`, status: 'successful' }]); // prettier-ignore
      const beat = await fetch(`http://${host}:${port}/heartbeat`);
      expect([beat.status, await beat.text()]).toEqual([200, '']);
      expect((await fetch(`http://${host}:${port}/other`)).status).toBe(404);
    }
  });

  test('gives its replicas no privilege and no way out', async () => {
    const [text] = await docker('inspect', '-f', '{{json .}}', stack.place.container('S1')).then((words) => [words.join(' ')]); // prettier-ignore
    const { Config: config, HostConfig: host, NetworkSettings: net } = JSON.parse(text) as Inspected;
    expect(config).toMatchObject({ User: '1000:1000', Hostname: 'S1' });
    expect(host).toMatchObject({
      CapDrop: ['ALL'],
      Privileged: false,
      ReadonlyRootfs: true,
      SecurityOpt: ['no-new-privileges'],
      PidsLimit: 64,
      Memory: 128 * 1024 * 1024,
      PortBindings: {},
    });
    expect(Object.keys(net.Networks)).toEqual([stack.place.name]);
    expect(await docker('network', 'inspect', '-f', '{{.Internal}}', stack.place.name)).toEqual(['true']);
  });

  test('adds and removes; the answer comes when containers match', async () => {
    const added = await call(stack.place.control, 'POST', '/add', { n: 2, hostnames: ['S5'] });
    expect(added.status).toBe(200);
    expect(await stack.place.containers()).toEqual(
      (added.body.message as { replicas: string[] }).replicas.sort(),
    );
    const removed = await call(stack.place.control, 'DELETE', '/rm', { n: 2, hostnames: ['S5'] });
    expect(removed.status).toBe(200);
    expect(await stack.place.containers()).toEqual(
      (removed.body.message as { replicas: string[] }).replicas.sort(),
    );
  });

  test("never takes a name that is somebody else's container", async () => {
    const foreign = stack.place.container('S77');
    await docker('create', '--name', foreign, 'evenly/replica');
    try {
      const { status, body } = await call(stack.place.control, 'POST', '/add', { n: 1, hostnames: ['S77'] });
      expect([status, body.message]).toEqual([
        400,
        "<Error> hostname 'S77' is taken by a container outside the stack",
      ]);
      expect(stack.names()).toHaveLength(3);
    } finally {
      await docker('rm', foreign);
    }
  });

  test('says what to do where the image is missing, and leaves nothing', async () => {
    const place = new Place();
    const driver = dockerDriver({ stack: place.name, image: 'evenly/never-built' });
    const start = supervise(driver, { control: place.control }, () => undefined);
    await expect(start).rejects.toThrow('The image evenly/never-built is missing: run `make images` first.');
    expect(await place.leftovers()).toEqual([]);
    place.sweep();
  });

  test('concurrent /add and /rm lose and double nothing', async () => {
    const { control } = stack.place;
    const answers = await Promise.all([
      call(control, 'POST', '/add', { n: 2 }),
      call(control, 'DELETE', '/rm', { n: 1 }),
      call(control, 'POST', '/add', { n: 1, hostnames: ['S9'] }),
      call(control, 'POST', '/add', { n: 1, hostnames: ['S9'] }),
      call(control, 'DELETE', '/rm', { n: 2 }),
    ]);
    const [add, rm, first, second, rmTwo] = answers.map(({ status }) => status);
    expect([add, rm, rmTwo]).toEqual([200, 200, 200]);
    // The name is free again when a removal in between has chosen it.
    const named = [first, second].filter((status) => status === 200).length;
    expect(named).toBeGreaterThanOrEqual(1);
    expect([first, second].every((status) => [200, 400].includes(status))).toBe(true);
    const total = 3 + 2 - 1 + named - 2;
    await stack.supervisor.complete(10_000);
    expect(stack.names()).toHaveLength(total);
    expect(await stack.place.containers()).toEqual(stack.names().sort());
    expect(new Set(stack.ready().map(({ id }) => id)).size).toBe(total);
  });
});

interface Inspected {
  readonly Config: Record<string, unknown>;
  readonly HostConfig: Record<string, unknown>;
  readonly NetworkSettings: { readonly Networks: Record<string, unknown> };
}
