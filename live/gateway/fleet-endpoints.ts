/** The lab's own endpoints, LAB 3.3 to 3.7: /rep, /add and /rm, which the supervisor answers. */
import { failure, fleetAnswer } from '../answer.ts';
import { refusalOf } from '../access.ts';
import type { Permits } from '../access.ts';
import type { Logger } from '../log.ts';
import { MAX_PAYLOAD_BYTES } from '../types.ts';
import type { ClientRequest } from './client-request.ts';
import type { Control, Reply } from './control.ts';
import { pathOf } from './key.ts';
import type { Membership } from './membership.ts';
import { collect } from './collect.ts';

/** After a change the client may go on at once, so the gateway first makes it its own; usually it has by then. */
const CATCH_UP_MS = 500;

const methods: { readonly [path: string]: string | undefined } = {
  '/rep': 'GET',
  '/add': 'POST',
  '/rm': 'DELETE',
};

/** Answers a request to one of the lab's endpoints. */
export class FleetEndpoints {
  readonly #control: Control;
  readonly #membership: Membership;
  readonly #log: Logger;
  readonly #permits: Permits;

  constructor(control: Control, membership: Membership, log: Logger, permits: Permits) {
    this.#permits = permits;
    this.#control = control;
    this.#membership = membership;
    this.#log = log;
  }

  /** False when the path is none of the lab's endpoints. */
  serve(request: ClientRequest): boolean {
    const { method: given, target } = request.head;
    const path = pathOf(target);
    const method = methods[path];
    if (method === undefined) return false;
    const { fields } = request.head;
    const refused =
      path === '/rep' ? null : refusalOf(this.#permits, fields.get('authorization'), fields.list('origin'));
    if (refused) {
      const { message, status } = refused;
      request.send(failure(message, status), status === 401 ? 'WWW-Authenticate: Bearer\r\n' : '');
    } else if (given === method || (method === 'GET' && given === 'HEAD')) {
      this.#answer(path, method, request).catch((error: unknown) => {
        if (request.over) return; // the client went away in the middle of its payload
        this.#log.error({ reason: String(error), path }, 'supervisor did not answer');
        request.send(failure('The supervisor does not answer', 503));
      });
    } else request.send(failure(`'${path}' takes ${method}, not ${given}`, 405), `Allow: ${method}\r\n`);
    return true;
  }

  async #answer(path: string, method: string, request: ClientRequest): Promise<void> {
    if (path === '/rep') {
      request.send(fleetAnswer(await this.#control.members()));
      return;
    }
    const reply = await this.#change(path, method, request);
    if (reply) request.sendText(reply.status, reply.text);
    else request.send(failure(`the payload is larger than ${MAX_PAYLOAD_BYTES} bytes`));
  }

  async #change(path: string, method: string, request: ClientRequest): Promise<Reply | undefined> {
    const body = await collect(request, MAX_PAYLOAD_BYTES);
    if (body === undefined) return undefined;
    const contentType = request.head.fields.get('content-type');
    const reply = await this.#control.call(method, path, { body, contentType });
    if (reply.status === 200) {
      const { version } = await this.#control.members();
      await this.#membership.reached(version, CATCH_UP_MS);
    }
    return reply;
  }
}
