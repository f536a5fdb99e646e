import { defineConfig } from 'vitest/config';

export default defineConfig({
  // One process context a worker for all files: they share no state, and a fresh one each would double the time.
  test: {
    isolate: false,
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    testTimeout: 30_000,
  },
});
