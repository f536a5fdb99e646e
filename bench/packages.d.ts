/** Types of the measured packages that have none. */
declare module 'consistent-hash' {
  export default class ConsistentHash {
    constructor(options?: { weight?: number; range?: number; distribution?: 'random' | 'uniform' });
    add(node: string, weight?: number): this;
    get(key: string): string;
  }
}

declare module 'jumphash' {
  export default function jumphash(key: number | string, buckets: number): number;
}
