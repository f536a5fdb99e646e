import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // One process context a worker for all files: they share no state, and a fresh one each would double the time.
    isolate: false,
    maxWorkers: 3, // much of the time is spent waiting for child processes
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'test/docker/**', 'test/peers/**'], // npm run test:docker, test:peers
    setupFiles: ['test/setup.ts'],
    env: { EVENLY_REHEARSAL_MS: '0' }, // of gateways; tests that mean it ask for it
    // Some start three processes, each seconds of work where the cores are shared.
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
