/** The payloads of /add and /rm (LAB 3.4 to 3.7): read, checked, and refused with a reason before anything changes. */
import { z } from 'zod';
import type { Suspicion } from '../types.ts';
import { MAX_PAYLOAD_BYTES } from '../types.ts';
import { complaint, keyOf } from './names.ts';

/** What a client asked for. */
export interface Request {
  readonly n: number;
  readonly hostnames: readonly string[];
}

/** A payload that cannot be met; the message is the reason, in the lab's form once `<Error> ` stands before it. */
export class Refusal extends Error {
  override name = 'Refusal';
}

const shape = z.object(
  {
    n: z.int('n must be a positive integer').positive('n must be a positive integer'),
    hostnames: z
      .array(z.string('every hostname must be a string'), 'hostnames must be a list of strings')
      .default([]),
  },
  'the payload must be a JSON object such as {"n": 1, "hostnames": ["S5"]}',
);

const suspicion = z.object({ name: z.string(), reason: z.string() });

/** What the gateway suspects, or null when it makes no sense. */
export function readSuspicion(raw: Buffer): Suspicion | null {
  try {
    return suspicion.parse(JSON.parse(raw.toString()));
  } catch {
    return null;
  }
}

/** What the lab calls the replicas in its two messages about too many hostnames. */
export type Kind = 'newly added' | 'removable';

/** @throws Refusal */
export function readRequest(raw: Buffer, contentType: string | undefined, kind: Kind): Request {
  const request = shape.safeParse(readJson(raw, contentType));
  if (!request.success) throw new Refusal(request.error.issues[0].message);
  const { n, hostnames } = request.data;
  if (hostnames.length > n) {
    throw new Refusal(`Length of hostname list is more than ${kind} instances`);
  }
  checkNames(hostnames);
  return { n, hostnames };
}

function readJson(raw: Buffer, contentType = 'application/json'): unknown {
  if (raw.length > MAX_PAYLOAD_BYTES) {
    throw new Refusal(`the payload is larger than ${MAX_PAYLOAD_BYTES} bytes`);
  }
  const type = contentType.split(';', 1)[0].trim().toLowerCase();
  if (type !== 'application/json') {
    throw new Refusal(`the content type must be application/json, not '${type.slice(0, 80)}'`);
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw));
  } catch {
    throw new Refusal('the payload is not valid JSON');
  }
}

function checkNames(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    const wrong = complaint(name);
    if (wrong !== null) throw new Refusal(wrong);
    if (seen.has(keyOf(name))) throw new Refusal(`hostname '${name}' is repeated`);
    seen.add(keyOf(name));
  }
}
