/** Peers and loads that are written in C++. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

/** Compiles a source into a folder of the caller's; without it the folder goes, and so does this process, with a sentence. */
export function compiled(source: string, folder: string): string {
  const program = join(folder, 'compiled');
  const args = ['-O2', '-std=c++17', '-o', program, source];
  const { error, status } = spawnSync('g++', args, { stdio: 'inherit' });
  if (status === 0) return program;
  rmSync(folder, { recursive: true, force: true });
  const why =
    error === undefined ? `g++ could not compile ${source}` : 'g++ is not there: apt-get install g++';
  process.stderr.write(`${why}.\n`);
  process.exit(2);
}
