/** The tests that ask the real nginx and HAProxy, where they are installed; skipped with the reason elsewhere. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/peers/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
});
