/** The Mersenne twister mt19937, which seeds Envoy's order of overloaded hosts (Matsumoto, Nishimura 1998). */

const N = 624;
const M = 397;

/** A source of 32-bit numbers, the same for the same seed. */
export function twister(seed: number): () => number {
  const state = new Uint32Array(N);
  state[0] = seed;
  for (let i = 1; i < N; i++) state[i] = Math.imul(state[i - 1] ^ (state[i - 1] >>> 30), 1_812_433_253) + i;
  let at = N;

  function twist(): void {
    for (let i = 0; i < N; i++) {
      const y = (state[i] & 0x8000_0000) | (state[(i + 1) % N] & 0x7fff_ffff);
      state[i] = state[(i + M) % N] ^ (y >>> 1) ^ (y & 1 ? 0x9908_b0df : 0);
    }
    at = 0;
  }

  return () => {
    if (at === N) twist();
    let y = state[at++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c_5680;
    y ^= (y << 15) & 0xefc6_0000;
    return (y ^ (y >>> 18)) >>> 0;
  };
}
