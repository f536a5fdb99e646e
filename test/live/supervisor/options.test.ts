/** The supervisor's flags: what they lead to, and the sentences for those that are wrong. */
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { processDriver } from '../../../live/driver/process.ts';
import type { Configured } from '../../../live/supervisor/options.ts';
import { addSupervisorFlags, configure } from '../../../live/supervisor/options.ts';
import { prepareSocket } from '../../../live/supervisor/socket.ts';
import { supervise } from '../../../live/supervisor/supervisor.ts';

function read(...args: string[]): Configured {
  return configure(addSupervisorFlags(new Command()).parse(args, { from: 'user' }));
}

test('without flags it is Docker, the stack evenly, and the defaults of the specification', () => {
  const { driver, options, stack } = read();
  expect([driver.kind, stack]).toEqual(['docker', 'evenly']);
  expect(options.control).toMatch(/\/evenly-\d+\/evenly\.sock$/);
  expect(options.replicas).toBeUndefined();
  expect(options.health).toEqual({ intervalMs: 250, timeoutMs: 500, misses: 2 });
});

test('weights are dealt in turn by id', () => {
  const { weightOf } = read('--weights', '5:1').options;
  expect([1, 2, 3].map((id) => weightOf?.(id))).toEqual([5, 1, 5]);
});

test('durations have units', () => {
  expect(read('--heartbeat', '1s', '--heartbeat-timeout', '80ms', '--misses', '3').options.health).toEqual({
    intervalMs: 1000,
    timeoutMs: 80,
    misses: 3,
  });
});

test.each([
  ['--replicas', '0', "--replicas is '0', but must be an integer from 1 to 1000."],
  [
    '--driver',
    'dokcer',
    "There is no driver (--driver) 'dokcer'; the nearest is 'docker', and all of them are docker, process.",
  ],
  [
    '--stack',
    'Not A Name',
    "--stack is 'Not A Name', but must be up to 31 lower-case letters, digits and hyphens, a letter first.",
  ],
  ['--heartbeat', 'often', /^--heartbeat has 'often', but must be a duration .*, such as 250ms, 1.5s or 2m/],
  ['--log-level', 'loud', /^There is no log level 'loud'/],
])('%s %s is refused in a sentence', (flag, value, sentence) => {
  expect(() => read(flag, value)).toThrow(sentence);
});

test('more replicas than there may be are refused', async () => {
  const control = '/tmp/evenly-never.sock';
  const start = supervise(processDriver(), { control, replicas: 51 }, () => undefined);
  await expect(start).rejects.toThrow('--replicas is 51, but must be at most 50.');
});

test('a socket path that no socket can have is refused', () => {
  expect(() => {
    prepareSocket(`/tmp/${'x'.repeat(120)}/control.sock`);
  }).toThrow(/^--control is 138 bytes long, but a socket's path has at most 105\.$/);
});
