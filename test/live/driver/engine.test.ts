/** Errors of the Docker engine, as sentences that say what to do. */
import { expect, test } from 'vitest';
import { InputError } from '../../../core/input-error.ts';
import { explained } from '../../../live/driver/docker/engine.ts';

const cases: [what: string, error: object, sentence: RegExp][] = [
  ['no engine', { code: 'ENOENT' }, /^Docker does not answer at .*: start it .*--driver process\.$/],
  ['an engine that is down', { code: 'ECONNREFUSED' }, /^Docker does not answer/],
  ['no permission', { code: 'EACCES' }, /^No permission to use Docker at .*: join the group docker .*\.$/],
  [
    'a full disk',
    { statusCode: 500, json: { message: 'mkdir /var/lib/docker/x: no space left on device' } },
    /^The disk that Docker uses is full: .*\.$/,
  ],
  [
    'no address left',
    {
      statusCode: 500,
      json: { message: 'could not find an available, non-overlapping IPv4 address pool among the defaults' },
    },
    /^Docker has no address range left .*\.$/,
  ],
];

test.each(cases)('%s', (_, fields, sentence) => {
  const error = explained(Object.assign(new Error('(HTTP code 500) server error'), fields));
  expect(error).toBeInstanceOf(InputError);
  expect((error as Error).message).toMatch(sentence);
});

test('anything else stays what it is', () => {
  const error = new Error('something else');
  expect(explained(error)).toBe(error);
});
