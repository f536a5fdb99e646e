/** The tests that need a Docker engine: one after the other, since they measure times and share the engine. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/docker/**/*.test.ts'],
    globalSetup: 'test/docker/setup.ts',
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
