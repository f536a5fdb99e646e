/** Random configurations and keys, the same for the same seed: those that people write, and those that break things. */
import { stream } from '../../core/random/stream.ts';

/** Draws of one seed. */
export interface Chance {
  /** True so often. */
  readonly often: (share: number) => boolean;
  /** An integer below n. */
  readonly below: (n: number) => number;
  /** One of them. */
  readonly of: <T>(choices: readonly T[]) => T;
  /** Any bytes that a header can carry, text in several scripts, numbers, and nothing. */
  readonly key: () => Buffer;
  /** An IP address of either version. */
  readonly address: () => string;
}

export function chance(seed: number): Chance {
  const random = stream(seed, 'keys');
  const below = (n: number): number => Math.floor(random() * n);
  const of = <T>(choices: readonly T[]): T => choices[below(choices.length)];
  const bytes = (): number[] =>
    Array.from({ length: 1 + below(60) }, () => 0x21 + below(0xdf)).filter((byte) => byte !== 0x7f);
  return {
    often: (share) => random() < share,
    below,
    of,
    key: () =>
      of([
        () => Buffer.from(String(below(1e6))),
        () => Buffer.from(`/a/${below(1e6)}/ü語/${below(100)}`),
        () => Buffer.from(bytes()),
        () => Buffer.from(of(['', 'x', 'a,b', ' a , b ', '"q,x",y', '-5', '007', '18446744073709551616'])),
        () => Buffer.from(`Session-${random().toString(36)}`),
      ])(),
    address: () =>
      random() < 0.6
        ? [1 + below(220), below(256), below(256), below(256)].join('.')
        : Array.from({ length: 8 }, () => (below(65_536) | 1).toString(16)).join(':'),
  };
}
