/**
 * One supervisor a stack, whatever machine it runs on: a container whose name only one can have. It reads its standard
 * input, which the supervisor holds open, and ends as that connection does; so the engine itself notices a supervisor
 * that was killed. Of two supervisors the second is refused, and one that lost its guard to another gives up the stack.
 */
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { InputError } from '../../../core/input-error.ts';
import { codeOf, isGone } from './engine.ts';
import { isOurs, stackLabels } from './labels.ts';
import { leastPrivilege } from './privilege.ts';

/** A guard without a holder is gone after some 0.3 s. */
const PATIENCE_MS = 3000;
/** A guard that was created and never started belongs to a supervisor that died in between. */
const STALE_MS = 10_000;
const SCRIPT =
  "process.stdin.resume().on('end', () => process.exit()); process.on('SIGTERM', () => process.exit())";

export interface Guard {
  release(): Promise<void>;
}

/** Takes the stack; `lost` is called when the guard ended without having been released. @throws InputError when it is held */
export async function takeGuard(
  docker: Docker,
  stack: string,
  image: string,
  lost: () => void,
): Promise<Guard> {
  const container = await claim(docker, stack, image);
  let released = false;
  // without its output attached nobody would tell that it ended
  const options = { stream: true, stdin: true, stdout: true, hijack: true };
  const holding = container.attach(options).then(async (line) => {
    const ended = (): void => {
      if (!released) lost();
      released = true;
    };
    line.on('close', ended).on('error', ended).on('end', ended);
    line.resume();
    await container.start();
    return line;
  });
  holding.catch(() => {
    if (!released) lost();
    released = true;
  });
  return {
    async release() {
      released = true;
      const line = await holding.catch(() => undefined);
      await container.remove({ force: true }).catch((error: unknown) => {
        if (!isGone(error)) throw error;
      });
      (line as Duplex | undefined)?.destroy();
    },
  };
}

/** Creating a container under a name is atomic: whoever succeeds has the stack. */
async function claim(docker: Docker, stack: string, image: string): Promise<Docker.Container> {
  const name = `${stack}-guard`;
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await docker.createContainer(guardContainer(stack, name, image));
    } catch (error) {
      if (codeOf(error) !== 409) throw error;
    }
    await sweep(docker, stack, name);
    if (performance.now() > deadline) {
      throw new InputError(
        `Another supervisor keeps the stack '${stack}' (container ${name}). Stop it first, or take another --stack.`,
      );
    }
    await sleep(100);
  }
}

/** Removes a guard that guards nothing. */
async function sweep(docker: Docker, stack: string, name: string): Promise<void> {
  const container = docker.getContainer(name);
  const found = await container.inspect().catch(() => null);
  if (!found) return;
  if (!isOurs(found.Config.Labels, stack)) {
    throw new InputError(`A container named ${name} exists that is not of this stack. Take another --stack.`);
  }
  const { Running: running, Status: status } = found.State;
  const fresh = status === 'created' && Date.now() - Date.parse(found.Created) < STALE_MS;
  if (!running && !fresh) await container.remove({ force: true }).catch(() => undefined);
}

function guardContainer(stack: string, name: string, image: string): Docker.ContainerCreateOptions {
  return {
    name,
    Image: image,
    Cmd: ['node', '-e', SCRIPT],
    Labels: { ...stackLabels(stack), 'evenly.role': 'guard' },
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    User: '1000:1000',
    Healthcheck: { Test: ['NONE'] },
    HostConfig: { ...leastPrivilege(64), NetworkMode: 'none', AutoRemove: true },
  };
}
