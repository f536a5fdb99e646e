/** The stack in containers, as `make up` and `make down` run it; skipped where the names are in use by a stack that runs. */
import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { freePort } from '../live/up/command.ts';
import { docker } from './stack.ts';

const run = promisify(execFile);

function obstacle(): string | null {
  if (inject('skipped') !== null) return 'there is no engine';
  const compose = 'docker compose version || command -v docker-compose';
  try {
    execFileSync('sh', ['-c', compose], { stdio: 'ignore' });
  } catch {
    return 'compose is not installed';
  }
  const used = execFileSync('docker', ['ps', '-aq', '--filter', 'name=^/(S1|S2|S3|evenly-.*)$']).toString();
  return used === '' ? null : 'containers of a stack named evenly exist';
}

const why = obstacle();

describe.skipIf(why !== null)(`the stack in containers${why === null ? '' : ` (skipped: ${why})`}`, () => {
  let url: string;
  let port: number;
  beforeAll(async () => {
    port = await freePort();
    url = `http://127.0.0.1:${port}`;
    await run('sh', ['live/image/build.sh']);
    const { stdout } = await run('sh', ['live/image/compose.sh', 'up'], { env: { ...process.env, EVENLY_PORT: String(port) } }); // prettier-ignore
    expect(stdout).toContain(`${url} forwards to `);
  });
  afterAll(async () => {
    await run('sh', ['live/image/compose.sh', 'down']);
    expect(await docker('ps', '-aq', '--filter', 'label=evenly.stack=evenly')).toEqual([]);
    expect(await docker('ps', '-aq', '--filter', 'label=com.docker.compose.project=evenly')).toEqual([]);
    expect(await docker('network', 'ls', '-q', '--filter', 'name=^evenly(_front)?$')).toEqual([]);
    expect(await docker('volume', 'ls', '-q', '--filter', 'name=^evenly_control$')).toEqual([]);
  });

  test('answers as the lab says, with containers named like their hosts', async () => {
    await expect.poll(() => rep()).toEqual(['S1', 'S2', 'S3']);
    for (const name of ['S1', 'S2', 'S3']) {
      expect(await docker('inspect', '-f', '{{.State.Running}}', name)).toEqual(['true']);
    }
    const unknown = await fetch(`${url}/other`);
    expect([unknown.status, await unknown.json()]).toEqual([
      400,
      { message: "<Error> '/other' endpoint does not exist in server replicas", status: 'failure' },
    ]);
  });

  test('publishes one port, on loopback, and gives the socket of Docker to the supervisor alone', async () => {
    const published = await docker('ps', '--filter', 'publish=1-65535', '--filter', 'name=evenly', '--format', '{{.Names}} {{.Ports}}'); // prettier-ignore
    expect(published).toEqual(['evenly-gateway', `127.0.0.1:${port}->5000/tcp`]);
    const mounts = await docker(
      'inspect',
      '-f',
      '{{range .Mounts}}{{.Destination}} {{end}}',
      'evenly-gateway',
    );
    expect(mounts).toEqual(['/run/evenly']);
  });

  test('a killed replica is replaced', async () => {
    await docker('kill', 'S2');
    await expect.poll(() => rep(), { timeout: 10_000 }).toEqual(['S1', 'S3', expect.stringMatching(/^r-/)]);
  });

  test('a killed supervisor that is started again adopts the replicas; requests are served meanwhile', async () => {
    const before = await rep();
    await docker('kill', 'evenly-supervisor');
    expect((await fetch(`${url}/home`)).status).toBe(200);
    await docker('start', 'evenly-supervisor');
    await expect.poll(() => rep(), { timeout: 10_000 }).toEqual(before);
  });

  async function rep(): Promise<string[]> {
    const { message } = (await (await fetch(`${url}/rep`)).json()) as { message: { replicas: string[] } };
    return message.replicas;
  }
});
