/** The network that the replicas live on (LAB 3.1): made when it is missing, removed only by the stack that made it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { InputError } from '../../../core/input-error.ts';
import { codeOf } from './engine.ts';
import { isOurs, stackLabels } from './labels.ts';

export interface NetworkOptions {
  readonly stack: string;
  /** A network that exists already, made by compose. */
  readonly given?: string;
  /** Without a way out; impossible where ports are published. */
  readonly internal: boolean;
}

export interface Network {
  readonly name: string;
  remove(): Promise<void>;
}

/** @throws InputError when the name is somebody else's, or a given network is missing */
export async function useNetwork(
  docker: Docker,
  { stack, given, internal }: NetworkOptions,
): Promise<Network> {
  const name = given ?? stack;
  const found = (await docker.listNetworks({ filters: { name: [name] } })).filter((net) => net.Name === name);
  const ours = found.filter(
    ({ Labels }) => isOurs(Labels, stack) && Labels?.['evenly.made'] === 'supervisor',
  );
  if (given !== undefined && found.length === 0) {
    throw new InputError(`There is no Docker network '${given}': create it, or leave --network out.`);
  }
  if (given === undefined && found.length > ours.length) {
    throw new InputError(
      `A Docker network '${name}' exists that is not of this stack. Take another --stack.`,
    );
  }
  const labels = { ...stackLabels(stack), 'evenly.made': 'supervisor' };
  if (found.length === 0) {
    await docker.createNetwork({
      Name: name,
      Driver: 'bridge',
      Internal: internal,
      Labels: labels,
      CheckDuplicate: true,
    });
  }
  return {
    name,
    remove: () => (given === undefined ? removeNetwork(docker, name) : Promise.resolve()),
  };
}

/** Endpoints of containers that were just removed may take a moment to go. */
async function removeNetwork(docker: Docker, name: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await docker.getNetwork(name).remove();
      return;
    } catch (error) {
      if (codeOf(error) === 404) return;
      if (attempt === 10) throw error;
    }
    await sleep(100 * attempt);
  }
}
