/**
 * Priorities of processes. One that is only getting ready has the least, so that it takes no time from those that serve; a gateway
 * that serves takes little, but all wait for it, so it goes before replicas and before what the engine does beside them.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { constants, setPriority as setPriorityOf } from 'node:os';

export const {
  PRIORITY_LOW: LEAST,
  PRIORITY_NORMAL: NORMAL,
  PRIORITY_ABOVE_NORMAL: FIRST,
} = constants.priority;

/** CAP_SYS_NICE (capabilities(7)): whoever has it not can lower a priority, but never raise it again. */
const SYS_NICE = 1n << 23n;

/** Whether this process may give back what it has taken. */
export function mayRaise(): boolean {
  try {
    const [, effective] = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return (BigInt(`0x${effective}`) & SYS_NICE) !== 0n;
  } catch {
    return false; // not Linux
  }
}

/** Of all its threads, since Linux has one for each; one that has ended needs none. */
export function setPriority(pid: number | undefined, priority: number): void {
  try {
    for (const thread of readdirSync(`/proc/${pid ?? 0}/task`)) setPriorityOf(Number(thread), priority);
  } catch {
    // it has ended
  }
}
