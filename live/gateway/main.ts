/** The gateway as a process of its own, without privileges: ended by SIGTERM, or with the process that forked it. */
import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { InputError } from '../../core/input-error.ts';
import { accessTo } from '../access.ts';
import { BAD_INPUT } from '../types.ts';
import type { Listening, PeerMessage } from '../types.ts';
import { gatewayConfig } from './config.ts';
import { gatewayOptions } from './flags.ts';
import { startGateway } from './gateway.ts';
import { rehearse } from './rehearsal.ts';

/** Runs until told to end. */
async function main(): Promise<void> {
  const options = gatewayOptions(process.argv.slice(2));
  const access = process.send ? undefined : accessTo(gatewayConfig(options), `${options.control}.token`);
  process.once('disconnect', leave);
  if (process.send && !process.connected) leave(); // it ended while the files were read, and nobody listened yet
  await rehearse(options);
  const gateway = await startGateway({ ...options, token: access?.token ?? options.token });
  if (access) process.stderr.write(`${gateway.url} is ${access.clause}.\n`);
  const end = (): void => {
    void gateway.close().then(() => process.exit(0));
  };
  const retire = (): void => {
    void gateway.retire().then(() => process.exit(0));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', process.send ? () => undefined : end); // Ctrl-C reaches all, but the parent says when
  if (process.send) {
    process.off('disconnect', leave).on('disconnect', end);
    process.on('message', ({ type }: Partial<PeerMessage>) => {
      if (type === 'retire') retire();
    });
    const { url, adminUrl } = gateway;
    process.send({ type: 'listening', url, adminUrl } satisfies Listening);
  }
}

/** Nobody waits for a gateway whose parent ended while it started. */
function leave(): never {
  process.exit(0);
}

if (import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  main().catch((error: unknown) => {
    const input = error instanceof InputError;
    process.stderr.write(input ? `${error.message}\n` : `${String((error as Error).stack)}\n`);
    process.exit(input ? BAD_INPUT : 1);
  });
}
