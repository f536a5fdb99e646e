/** Processes that are measured: started, waited for, and what time of the processor they and their children took. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';

/** Ticks of /proc are hundredths of a second on every Linux that Node runs on. */
const TICK_MS = 10;
const READY_MS = 15_000;
const PAGE_MB = 4096 / 1e6;

/** Starts a command and waits until it accepts connections. */
export async function started(
  command: readonly string[],
  port: number,
  env: Readonly<Record<string, string>> = {},
): Promise<ChildProcess> {
  const [program, ...args] = command;
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...env },
  });
  const end = performance.now() + READY_MS;
  while (!(await accepts(port))) {
    if (child.exitCode !== null || performance.now() > end) {
      child.kill('SIGKILL');
      throw new Error(`${program} does not listen on ${port}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return child;
}

/** Ends it and waits for its end. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), 5000);
  await exit;
  clearTimeout(force);
}

/** User and system time in ms of a process and its children since they began. */
export function cpuMs(pid: number): number {
  return familyOf(pid).reduce((sum, one) => sum + ticks(one) * TICK_MS, 0);
}

/** Memory in MB that a process and its children have in RAM, shared pages counted for each. */
export function residentMb(pid: number): number {
  return familyOf(pid).reduce((sum, one) => sum + Number(readFileSync(`/proc/${one}/statm`, 'utf8').split(' ')[1]) * PAGE_MB, 0); // prettier-ignore
}

function familyOf(pid: number): number[] {
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === pid);
  return [pid, ...children.flatMap((child) => familyOf(Number(child)))];
}

function ticks(pid: number): number {
  const [user, system] = fieldsOf(pid).slice(11, 13);
  return Number(user) + Number(system);
}

function parentOf(pid: string): number {
  try {
    return Number(fieldsOf(pid)[1]);
  } catch {
    return 0; // it has ended meanwhile
  }
}

/** The fields of /proc/PID/stat after the name, which may hold spaces. */
function fieldsOf(pid: number | string): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (so: boolean): void => {
      socket.destroy();
      resolve(so);
    };
    socket
      .once('connect', () => {
        end(true);
      })
      .once('error', () => {
        end(false);
      });
  });
}
