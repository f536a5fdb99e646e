/** A crew of child processes, a core each: tasks go to whoever is free, and a child that dies is replaced. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer, Ended, Task } from './task.ts';

// A process rather than a worker thread: `new Worker` cannot load TypeScript on every Node that the lab supports.
const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));

/** A child ended before its task did. */
export class ChildLost extends Error {
  override name = 'ChildLost';
}

/** Up to so many children, started when they are first needed. */
export interface Crew {
  /**
   * Gives a task to the next child that is free; `progress` hears of requests sent since the last time.
   * @throws ChildLost when the child is killed; the next task gets a fresh one
   */
  perform(task: Task, progress?: (sent: number) => void): Promise<readonly Ended[]>;
  /** Ends all children at once; resolves when the last is gone. */
  close(): Promise<void>;
}

interface Job {
  readonly task: Task;
  readonly progress: (sent: number) => void;
  readonly resolve: (ended: readonly Ended[]) => void;
  readonly reject: (lost: ChildLost) => void;
}

/** A crew of at most `size` processes. */
export function crewOf(size: number): Crew {
  const waiting: Job[] = [];
  const idle: ChildProcess[] = [];
  const busy = new Map<ChildProcess, Job>();
  let closed = false;

  function start(): ChildProcess {
    const child = fork(CHILD, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    child.on('message', (answer: Answer) => {
      const job = busy.get(child);
      if ('sent' in answer) return job?.progress(answer.sent);
      busy.delete(child);
      idle.push(child);
      job?.resolve(answer.ended);
      next();
    });
    child.once('error', () => undefined); // that it could not be started, or told, shows as its exit
    child.once('exit', (code, signal) => {
      const job = busy.get(child);
      busy.delete(child);
      if (idle.includes(child)) idle.splice(idle.indexOf(child), 1);
      job?.reject(new ChildLost(signal ?? `exit code ${code}`));
      next();
    });
    return child;
  }

  function next(): void {
    while (!closed && waiting.length > 0 && (idle.length > 0 || busy.size < size)) {
      const child = idle.pop() ?? start();
      const job = waiting.shift() as Job;
      busy.set(child, job);
      child.send(job.task);
    }
  }

  return {
    perform: (task, progress = () => undefined) =>
      new Promise((resolve, reject) => {
        waiting.push({ task, progress, resolve, reject });
        next();
      }),
    async close() {
      closed = true;
      const children = [...idle, ...busy.keys()].filter(
        ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
      );
      const gone = children.map((child) => new Promise((resolve) => child.once('exit', resolve)));
      for (const child of children) child.kill('SIGKILL'); // whatever it was at is claimed by a dead process now
      await Promise.all(gone);
    },
  };
}
