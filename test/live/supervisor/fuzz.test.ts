/** /add and /rm get anything at all: they answer in the lab's form, change nothing for it, and never ask the driver. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fleet } from '../../../live/supervisor/fleet.ts';
import { defaultCrew } from '../../../live/supervisor/crew.ts';
import { defaultHealth } from '../../../live/supervisor/health.ts';
import { complaint } from '../../../live/supervisor/names.ts';
import { adding, defaultRequests, removing } from '../../../live/supervisor/requests.ts';
import { defaultBackoff } from '../../../live/supervisor/seat.ts';
import type { Driver } from '../../../live/types.ts';

const refuse = (): never => {
  throw new Error('the driver was asked');
};
const driver: Driver = {
  ...{
    kind: 'process',
    open: refuse,
    list: refuse,
    start: refuse,
    suspend: refuse,
    resume: refuse,
    stop: refuse,
  },
  ...{ remove: refuse, watch: refuse, close: refuse },
  taken: () => Promise.resolve([]),
};
const fixed = {
  health: defaultHealth,
  backoff: defaultBackoff,
  startsAtOnce: 2,
  standbys: 0,
  warmUp: 0,
  quietMs: 0,
  weightOf: () => 1,
};
const fleet = new Fleet(driver, { ...defaultCrew, ...fixed }, () => undefined);
const limits = { ...defaultRequests, maxReplicas: 0 };
const endpoints = [adding(fleet, driver, limits), removing(fleet, limits)];

const nearly = fc.record(
  {
    n: fc.oneof(fc.integer(), fc.double(), fc.string(), fc.constantFrom(null, 1, 2, 1e308, '1')),
    hostnames: fc.oneof(
      fc.array(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.integer())),
      fc.anything(),
    ),
    __proto__: fc.anything(),
  },
  { requiredKeys: [] },
);
const payloads = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.json().map((text) => Buffer.from(text)),
  nearly.map((value) => Buffer.from(JSON.stringify(value))),
);
const types = fc.oneof(
  fc.constantFrom(undefined, 'application/json', 'application/json; charset=utf-8'),
  fc.string(),
);

test('whatever a payload is, the answer is a refusal in the lab’s form and nothing changes', async () => {
  const before = fleet.snapshot;
  const answered = fc.asyncProperty(payloads, types, fc.constantFrom(0, 1), async (raw, type, which) => {
    const { status, body } = await endpoints[which](raw, type);
    expect(status).toBe(400);
    expect(body.status).toBe('failure');
    expect(body.message).toMatch(/^<Error> [^]+/);
    expect(fleet.snapshot).toEqual(before);
  });
  await fc.assert(answered, { numRuns: 1000 });
});

test('a name that is accepted is a DNS label: nothing of it could be an option, a path or a shell word', () => {
  const names = fc.oneof(fc.string({ maxLength: 70 }), fc.stringMatching(/^[-a-zA-Z0-9._/ $`;&|]{1,70}$/));
  fc.assert(
    fc.property(names, (name) => {
      if (complaint(name) === null) expect(name).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,61})[a-z0-9]$/i);
    }),
    { numRuns: 1000 },
  );
});
