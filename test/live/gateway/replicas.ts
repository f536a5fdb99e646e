/** Replicas that do not do as they should, and are asked in more than one file. */
import { backend, labReplica, rawServer } from './stage.ts';

/** A replica that takes whatever it is sent, and answers nothing. */
export function hung(): Promise<number> {
  return rawServer((socket) => socket.resume());
}

/** A replica of the lab that takes its time. */
export function slow(name: string, ms: number): Promise<number> {
  return backend((...exchange) => {
    setTimeout(() => {
      labReplica(name)(...exchange);
    }, ms);
  });
}
