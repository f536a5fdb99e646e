/** Has another process take a running stack over, from outside. */
import { InputError } from '../core/input-error.ts';
import { ask, supervisorOf } from './supervisor/ask.ts';

interface Restarted {
  readonly pid?: number;
  readonly error?: string;
}

/** Says in a sentence what was done. @throws InputError when no stack answers, or it goes on as before */
export async function restartStack(control: string): Promise<string> {
  if ((await supervisorOf(control)) === null) throw new InputError(`No stack answers on ${control}.`);
  const { pid, error = 'no answer' } = await restarted(control);
  if (pid !== undefined) return `Process ${pid} has the stack now.`;
  throw new InputError(`The stack was not restarted, and goes on as before: ${error}.`);
}

async function restarted(control: string): Promise<Restarted> {
  try {
    return (await ask(control, 'POST', '/restart')) as Restarted;
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
