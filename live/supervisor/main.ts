/** The supervisor as a process of its own, as in compose: keeps the replicas until SIGTERM, then removes them. */
import { Command } from 'commander';
import { InputError } from '../../core/input-error.ts';
import { logOf } from '../log-of.ts';
import { BAD_INPUT } from '../types.ts';
import { signalled } from '../signal.ts';
import { addSupervisorFlags, configure } from './options.ts';
import { prepareSocket } from './socket.ts';
import { supervise } from './supervisor.ts';

async function main(): Promise<void> {
  const command = addSupervisorFlags(new Command('supervisor').description('keep N replicas')).parse();
  const { driver, logLevel, options, stack } = configure(command);
  const log = logOf('supervisor', logLevel);
  prepareSocket(options.control);
  const asked = signalled();
  const supervisor = await supervise(driver, options, log);
  log('info', 'supervisor keeps the stack', { stack, driver: driver.kind, control: options.control });
  const why = await Promise.race([asked, supervisor.dispossessed.then(() => 'lost' as const)]);
  await supervisor.close();
  if (why === 'lost') throw new InputError(`Another supervisor has taken the stack '${stack}'.`);
  process.exit(0);
}

main().catch((error: unknown) => {
  const input = error instanceof InputError;
  process.stderr.write(input ? `${error.message}\n` : `${String((error as Error).stack)}\n`);
  process.exit(input ? BAD_INPUT : 1);
});
