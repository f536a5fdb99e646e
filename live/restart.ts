/** Has another process take a running stack over, from outside. */
import { request } from 'node:http';
import { InputError } from '../core/input-error.ts';
import { supervisorOf } from './supervisor/control.ts';

/** Says in a sentence what was done. @throws InputError when no stack answers, or it goes on as before */
export async function restartStack(control: string): Promise<string> {
  if ((await supervisorOf(control)) === null) throw new InputError(`No stack answers on ${control}.`);
  const { pid, error } = await ask(control);
  if (pid !== undefined) return `Process ${pid} has the stack now.`;
  throw new InputError(`The stack was not restarted, and goes on as before: ${error ?? 'no answer'}.`);
}

interface Restarted {
  readonly pid?: number;
  readonly error?: string;
}

function ask(control: string): Promise<Restarted> {
  return new Promise((resolve) => {
    const asked = request({ socketPath: control, method: 'POST', path: '/restart' }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        resolve(JSON.parse(text) as Restarted);
      });
    });
    asked.on('error', ({ message }) => {
      resolve({ error: message });
    });
    asked.end();
  });
}
