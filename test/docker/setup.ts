/** Before all tests: is there an engine, and can the replica's image be built? Says on screen why not. */
import { execFileSync } from 'node:child_process';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Why the tests are skipped, or null. */
    skipped: string | null;
  }
}

export default function setup(project: TestProject): void {
  const skipped = obstacle();
  if (skipped !== null) process.stdout.write(`\nThe Docker tests are skipped: ${skipped}\n`);
  project.provide('skipped', skipped);
}

function obstacle(): string | null {
  try {
    execFileSync('sh', ['live/image/build.sh', 'replica'], { stdio: ['ignore', 'ignore', 'pipe'] });
    return null;
  } catch (error) {
    return String((error as { stderr: Buffer }).stderr).trim();
  }
}
