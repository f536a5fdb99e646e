/** Answers in the lab's form, LAB 3.3 to 3.9. */
import type { Answer, Snapshot } from './types.ts';

/** The replicas that serve, and how many they are (LAB 3.3); what is starting or draining is not among them. */
export function fleetAnswer({ members }: Snapshot): Answer {
  const replicas = members.filter(({ state }) => state === 'ready').map(({ name }) => name);
  return { status: 200, body: { message: { N: replicas.length, replicas }, status: 'successful' } };
}

/** A refusal: `<Error>` and the reason; nothing has changed. */
export function failure(reason: string, status = 400): Answer {
  return { status, body: { message: `<Error> ${reason}`, status: 'failure' } };
}
