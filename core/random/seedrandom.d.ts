/** The one file of seedrandom that core uses, without the entropy collection of its index. */
declare module 'seedrandom/lib/alea.js' {
  /** Where the generator stands: three fractions of 32 bits and a carry. */
  interface AleaState {
    readonly s0: number;
    readonly s1: number;
    readonly s2: number;
    readonly c: number;
  }
  /** A generator from a text seed; `double` has 53 bits, calling it directly has 32. */
  export default function alea(
    seed: string,
    options?: { readonly state: true },
  ): { (): number; double: () => number; state: () => AleaState };
}
