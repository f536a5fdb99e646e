/** Failures and replacements (LAB 3.2): a replica dies, the balancer notices later, a new one serves later still. */
import { InputError } from '../core/input-error.ts';
import { failuresOf } from '../core/knob.ts';
import { weightOf } from '../core/resolve.ts';
import type { Replica } from '../core/types.ts';
import { Server } from './server.ts';
import type { Stage, Traffic } from './traffic.ts';

/** A replica joins the fleet and the balancer. */
export function join(
  { balancer, recorder, scenario, servers }: Stage,
  replica: Replica,
  traffic: Traffic,
  now: number,
): void {
  balancer.joined(replica, now);
  servers.push(new Server(replica, traffic.requests, scenario.workers, scenario.queue));
  recorder.joined(replica, now);
}

/** Schedules the scenario's failures and what follows each: notice after `detect`, replacement after `start`. */
export function scheduleFailures(stage: Stage, traffic: Traffic): void {
  const { balancer, kernel, recorder, scenario, servers } = stage;
  const failures = failuresOf(scenario.failAt);

  const replacement = kernel.kind((id, _detail, now) => {
    const replica = successor(stage, id);
    join(stage, replica, traffic, now);
    recorder.event('joined', replica, now);
  });
  const notice = kernel.kind((handle, _detail, now) => {
    const { replica } = servers[handle];
    balancer.left(handle, now);
    recorder.event('detected', replica, now);
    kernel.at(now + scenario.start, replacement, replica.id);
  });
  const failure = kernel.kind((index, _detail, now) => {
    const server = running(servers, failures[index].replica, now);
    recorder.event('failed', server.replica, now);
    traffic.lose(server, now);
    kernel.at(now + scenario.detect, notice, server.replica.handle);
  });

  failures.forEach(({ atMs }, index) => {
    kernel.at(atMs, failure, index);
  });
}

/** The replacement takes over the id, and so the virtual servers, of the replica that failed. */
function successor({ scenario, servers }: Stage, id: number): Replica {
  const handle = servers.length;
  return { handle, id, name: `S${handle + 1}`, weight: weightOf(scenario, id - scenario.firstId) };
}

function running(servers: readonly Server[], name: string, now: number): Server {
  const alive = servers.filter((server) => server.alive);
  const server = alive.find(({ replica }) => replica.name === name);
  if (server) return server;
  const names = alive.map(({ replica }) => replica.name).join(', ') || 'no replica';
  throw new InputError(`--fail-at names ${name} at ${now} ms, when ${names} ran.`);
}
