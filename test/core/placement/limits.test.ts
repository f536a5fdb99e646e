/** What a placement cannot do, as a user meets it: one sentence, never a wrong answer. */
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../core/input-error.ts';
import { populatedPlacement } from '../../../core/resolve.ts';
import { scenario } from '../../../core/scenario.ts';
import type { Scenario } from '../../../core/scenario.ts';
import { simulate } from '../../../sim/run.ts';

const run = (given: Partial<Scenario>) => () => simulate(scenario({ requests: 3000, replicas: 5, ...given }));
const build = (given: Partial<Scenario>) => () => populatedPlacement(scenario({ replicas: 5, ...given }));

describe('a simulated failure', () => {
  it.each(['binomial', 'flip', 'jump', 'jumpback', 'power'])(
    'of any but the last replica ends a run over %s',
    (placement) => {
      // prettier-ignore
      const sentence = `The placement ${placement} can only lose the replica that joined last, S5, but S2 left`;
      expect(run({ placement, failAt: '2s:S2' })).toThrow(InputError);
      expect(run({ placement, failAt: '2s:S2' })).toThrow(sentence);
    },
  );

  it('of the last replica does not', () => {
    expect(run({ placement: 'jump', failAt: '2s:S5' })().events.map(({ event }) => event)).toContain(
      'joined',
    );
  });
});

describe('a placement', () => {
  it.each([
    [{ placement: 'maglev(65536)' }, 'needs a prime, but 65536 is divisible by 2'],
    [{ placement: 'maglev(3)' }, 'maglev(3) has one entry a replica already'],
    [{ placement: 'anchor(3)' }, 'anchor(3) is full'],
    [{ placement: 'dx(3)' }, 'dx(3) is full'],
    [{ placement: 'ring', weights: '9999', vnodes: 9999 }, 'virtual nodes on the ring'],
  ])('of %j says what does not fit', (given, sentence) => {
    expect(build(given)).toThrow(sentence);
  });

  it.each(['anchor', 'dx', 'jump', 'memento', 'multi-probe', 'power'])(
    'without weights refuses them: %s',
    (placement) => {
      // prettier-ignore
      expect(build({ placement, weights: '2:1' })).toThrow(`${placement} has no weights`);
      const empty = populatedPlacement(scenario({ placement, replicas: 1 }));
      expect(() => {
        empty.add({ handle: 9, id: 9, name: 'S9', weight: 2 });
      }).toThrow(/has no weights, but S9 has weight 2; ring, rendezvous and maglev have/);
    },
  );
});
