/**
 * What requests read of a configuration is of one hidden class, however the configuration was put together: V8 throws code away
 * that meets another one, and what was rehearsed would be compiled again before the first clients.
 */
import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';
import { expect, test } from 'vitest';
import { clientLimits } from '../../../live/gateway/client-limits.ts';
import { gatewayConfig } from '../../../live/gateway/config.ts';
import type { GatewayConfig } from '../../../live/gateway/config.ts';
import { failoverOptions, turned } from '../../../live/gateway/failover-options.ts';
import { upstreamOptions } from '../../../live/gateway/upstreams.ts';

setFlagsFromString('--allow-natives-syntax');
const areAlike = runInThisContext(
  '(a, b) => %HaveSameMap(a, b) && %HasFastProperties(a) && %HasFastProperties(b)',
) as (a: object, b: object) => boolean;

const plain = gatewayConfig({ control: 'socket' });
const told = gatewayConfig({
  record: 'events.jsonl',
  control: 'socket',
  accessLog: true,
  tryTimeout: '50ms',
});
const rehearsed = { ...told, record: undefined, accessLog: false, tryTimeout: 20 };

test.each([
  ['limits of clients', clientLimits],
  ['options of pools', upstreamOptions],
  ['limits of heads from replicas', (config: GatewayConfig) => upstreamOptions(config).limits],
  ['knobs of failover', failoverOptions],
])('%s are alike', (_, read) => {
  expect(areAlike(read(plain), read(told))).toBe(true);
  expect(areAlike(read(plain), read(rehearsed))).toBe(true);
});

test('knobs that were turned are like those that were not', () => {
  const knobs = failoverOptions(plain);
  expect(areAlike(knobs, turned(knobs, { retries: 1 }))).toBe(true);
});
