/** Which process on which machine: enough to tell, after a kill -9 or a restart, whether it still lives. */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, told from any other that ever had its number. */
export interface Identity {
  /** Host, its boot and its namespace of process ids: where two are equal, a process id means the same to both. */
  readonly machine: string;
  readonly pid: number;
  /** When it started, in the kernel's ticks since boot; null where the kernel does not say. */
  readonly started: string | null;
}

/** This process. */
export function identity(): Identity {
  const boot = attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  const namespace = attempt(() => readlinkSync('/proc/self/ns/pid'));
  const machine = [hostname(), boot, namespace].filter((part) => part !== null).join(' ');
  return { machine, pid: process.pid, started: stateOf(process.pid)?.started ?? null };
}

/** Whether a process is dead, as far as this machine can know; nothing where it cannot. */
export function isDead(other: Identity, me: Identity): boolean | undefined {
  if (other.machine !== me.machine) return undefined;
  if (other.started === null) return exists(other.pid) ? undefined : true;
  const state = stateOf(other.pid);
  return state?.started !== other.started || state.state === 'Z';
}

/** Fields 3 and 22 of proc(5) /proc/pid/stat, counted behind the name, which may hold blanks and brackets. */
function stateOf(pid: number): { state: string; started: string } | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields && { state: fields[0], started: fields[19] };
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function attempt(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}
