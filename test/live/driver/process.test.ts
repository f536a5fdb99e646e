/** Replicas as child processes: whatever they leave behind, whoever started them can end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporary } from '../../temporary.ts';

test('a child of a killed replica, with its standard output, keeps nobody from ending', async () => {
  const directory = temporary();
  const [server, pid] = [join(directory, 'server.mjs'), join(directory, 'pid')];
  writeFileSync(
    server,
    `import { spawn } from 'node:child_process';
    import { writeFileSync } from 'node:fs';
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: ['ignore', 'inherit', 'ignore'] });
    writeFileSync(${JSON.stringify(pid)}, String(child.pid));
    console.log('listening on 1');
    setInterval(() => {}, 1000);`,
  );
  const script = `
    import { processDriver } from './live/driver/process.ts';
    const driver = processDriver({ server: ${JSON.stringify(server)} });
    await driver.start({ handle: 0, id: 1, name: 'S1', weight: 1 });
    await driver.close();
    console.log('closed');`;
  const starter = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
  const ended = once(starter, 'exit', { signal: AbortSignal.timeout(20_000) });
  await once(starter.stdout, 'data');
  const grandchild = Number(readFileSync(pid, 'utf8'));
  try {
    expect(await ended).toEqual([0, null]);
    expect(process.kill(grandchild, 0)).toBe(true);
  } finally {
    starter.kill('SIGKILL');
    process.kill(grandchild, 'SIGKILL');
  }
});
