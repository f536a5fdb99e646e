/** The one file of seedrandom that core uses, without the entropy collection of its index. */
declare module 'seedrandom/lib/alea.js' {
  /** A generator from a text seed; `double` has 53 bits, calling it directly has 32. */
  export default function alea(seed: string): { (): number; double: () => number };
}
