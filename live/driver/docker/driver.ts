/** Replicas as containers: the only part of the project that talks to Docker. */
import { createHash } from 'node:crypto';
import type Docker from 'dockerode';
import { InputError } from '../../../core/input-error.ts';
import type { Driver, End, Place, Unit, Watcher } from '../../types.ts';
import { codeOf, engine, explained, isGone } from './engine.ts';
import { listen } from './events.ts';
import type { Guard } from './guard.ts';
import { takeGuard } from './guard.ts';
import { composeLabels, isOurs, only, placeLabels, placeOf, stackLabels } from './labels.ts';
import type { Network } from './network.ts';
import { useNetwork } from './network.ts';
import { leastPrivilege } from './privilege.ts';

/** How replicas are reached: by address on a Linux host, by name from the same network, by published port from afar. */
export type Dial = 'ip' | 'name' | 'published';

export interface DockerOptions {
  readonly stack: string;
  readonly image?: string;
  readonly dial?: Dial;
  /** A network that exists already; unless given, one is made and named after the stack. */
  readonly network?: string;
  readonly memoryMib?: number;
  readonly composeProject?: string;
  /** The replica's environment: SERVICE, WORKERS, QUEUE, SEED. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The stack whose containers are named like their hosts (LAB 3.1); others have the stack's name before it. */
export const DEFAULT_STACK = 'evenly';
export const REPLICA_IMAGE = 'evenly/replica';
const PORT = 5000;

/** A driver of one stack on one engine. */
export function dockerDriver(options: DockerOptions, docker: Docker = engine()): Driver {
  const { stack, image = REPLICA_IMAGE, dial = 'ip', env = {}, memoryMib = 128 } = options;
  const containerName = (name: string): string => (stack === DEFAULT_STACK ? name : `${stack}-${name}`);
  let spec = '';
  let network: Network | undefined;
  let guard: Guard | undefined;
  let watcher: Watcher | undefined;
  let deafen: (() => void) | undefined;
  let closing = false;
  /** Containers that are being paused by this driver. */
  const suspending = new Set<string>();

  async function open(): Promise<void> {
    closing = false;
    const { Id: imageId } = await docker.getImage(image).inspect().catch(missingImage);
    spec = createHash('sha256').update(JSON.stringify([imageId, env, memoryMib, dial])).digest('hex').slice(0, 16); // prettier-ignore
    await hold();
    try {
      network = await useNetwork(docker, { stack, given: options.network, internal: dial !== 'published' });
      deafen = await listen(docker, stack, {
        ended: tell,
        recovered: () => watcher?.recovered(),
      });
    } catch (error) {
      await close();
      throw error;
    }
  }

  function missingImage(error: unknown): never {
    if (codeOf(error) !== 404) throw error;
    throw new InputError(`The image ${image} is missing: run \`make images\` first.`);
  }

  /** Takes the guard, again and again while the engine is away; a stack that somebody else took meanwhile is theirs. */
  async function hold(): Promise<void> {
    guard = await takeGuard(docker, stack, image, () => {
      if (!closing) setTimeout(() => void hold().catch(retake), 300);
    });
  }

  function retake(error: unknown): void {
    if (error instanceof InputError) watcher?.dispossessed();
    else if (!closing) setTimeout(() => void hold().catch(retake), 300);
  }

  async function start(place: Place): Promise<Unit> {
    const container = await docker.createContainer(containerOf(place));
    try {
      await container.start();
      const { State: state, NetworkSettings: net } = await container.inspect();
      const published = dial !== 'published' ? undefined : net.Ports[`${PORT}/tcp`].at(0)?.HostPort;
      const { IPAddress: ip } = net.Networks[networkName()];
      return { ...place, key: container.id, ...addressOf(place.name, ip, published), running: state.Running };
    } catch (error) {
      await container.remove({ force: true }).catch(() => undefined);
      throw error;
    }
  }

  function containerOf(place: Place): Docker.ContainerCreateOptions {
    const port = `${PORT}/tcp`;
    const ports =
      dial === 'published' ? { PortBindings: { [port]: [{ HostIp: '127.0.0.1', HostPort: '' }] } } : {};
    const labels = {
      ...composeLabels(options.composeProject),
      ...stackLabels(stack),
      ...placeLabels(place, spec),
    };
    return {
      name: containerName(place.name),
      Hostname: place.name,
      Image: image,
      User: '1000:1000',
      Env: Object.entries({ ...env, SERVER_ID: place.name, PORT: String(PORT) }).map((pair) =>
        pair.join('='),
      ),
      Labels: labels,
      ExposedPorts: { [port]: {} },
      HostConfig: { ...leastPrivilege(memoryMib), ...ports, NetworkMode: networkName() },
      NetworkingConfig: { EndpointsConfig: { [networkName()]: { Aliases: [place.name] } } },
    };
  }

  function networkName(): string {
    if (!network) throw new Error('the driver is not open');
    return network.name;
  }

  function addressOf(
    name: string,
    ip: string,
    published: string | number | undefined,
  ): { host: string; port: number } {
    if (dial === 'published') return { host: '127.0.0.1', port: Number(published) };
    return { host: dial === 'name' ? name : ip, port: PORT };
  }

  async function list(): Promise<Unit[]> {
    const found = await docker.listContainers({ all: true, filters: { label: only(stack, 'replica') } });
    return found.map(({ Id: key, Labels: labels, NetworkSettings: net, Ports: ports, State: state }) => {
      const place = placeOf(labels);
      const ip = Object.values(net.Networks).at(0)?.IPAddress ?? '';
      const current = labels['evenly.spec'] === spec;
      return {
        ...place,
        key,
        ...addressOf(place.name, ip, ports.at(0)?.PublicPort),
        running: current && state === 'running',
        suspended: current && state === 'paused',
      };
    });
  }

  async function taken(names: readonly string[]): Promise<string[]> {
    if (names.length === 0) return [];
    const filters = { name: names.map((name) => `^/${containerName(name)}$`) };
    const found = await docker.listContainers({ all: true, filters });
    const foreign = found.filter(({ Labels }) => !isOurs(Labels, stack)).flatMap(({ Names }) => Names);
    return names.filter((name) => foreign.includes(`/${containerName(name)}`));
  }

  /** Its event is expected: the engine may tell of it before or after it answers. */
  async function suspend({ key }: Unit): Promise<void> {
    suspending.add(key);
    await docker.getContainer(key).pause();
  }

  function tell(key: string, end: End): void {
    if (end === 'paused' && suspending.delete(key)) return;
    watcher?.ended(key, end);
  }

  async function stop({ key }: Unit, graceMs: number): Promise<void> {
    const container = docker.getContainer(key);
    await container.stop({ t: Math.ceil(graceMs / 1000) }).catch(unlessGone);
    await container.remove({ force: true }).catch(unlessGone);
  }

  async function close(): Promise<void> {
    closing = true;
    deafen?.();
    await network?.remove();
    await guard?.release();
  }

  async function handOver(): Promise<void> {
    closing = true;
    deafen?.();
    await guard?.release();
  }

  return {
    kind: 'docker',
    open: () => open().catch(rethrow),
    list,
    taken,
    start,
    suspend,
    resume: ({ key }) => docker.getContainer(key).unpause(),
    stop,
    remove: ({ key }) => docker.getContainer(key).remove({ force: true }).then(nothing, unlessGone),
    watch(given) {
      watcher = given;
    },
    close,
    handOver,
  };
}

function nothing(): void {
  // for answers that nobody reads
}

function unlessGone(error: unknown): void {
  if (!isGone(error)) throw error;
}

function rethrow(error: unknown): never {
  throw explained(error);
}
