/**
 * `npm run bench`: millions of lookups a second for every placement, beside npm packages and, where they are installed,
 * Java and Go; names choose some.
 * `npm run bench -- sim` measures the simulator beside other simulators.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { measureChanges } from './changes.ts';
import { elsewhere } from './elsewhere.ts';
import { measureSubject } from './measure.ts';
import { measureSimulator } from './sim.ts';
import type { Speed } from './measure.ts';
import { subjects } from './subjects.ts';

const CHILD = '--child';
const KEYS: readonly Speed['keys'][] = ['integers', 'strings'];
const [first, ...rest] = process.argv.slice(2);
const write = (text: string): void => void process.stdout.write(`${text}\n`);

if (first === CHILD) {
  const [servers, keys, ...words] = rest;
  const subject = subjects.find(({ name }) => name === words.join(' '));
  if (subject) write(JSON.stringify(await measureSubject(subject, Number(servers), keys as Speed['keys'])));
} else if (first === 'sim') {
  await measureSimulator();
} else {
  table(process.argv.slice(2));
}

function table(names: readonly string[]): void {
  const chosen = subjects.filter(({ name }) => names.length === 0 || names.includes(name));
  write('| millions of lookups a second | integers: 3 | 1,000 | 100,000 | strings: 3 | 1,000 | 100,000 |');
  write('| --- | --: | --: | --: | --: | --: | --: |');
  for (const { name, sizes } of chosen) {
    const speeds = KEYS.flatMap((keys) => sizes.map((servers) => inChild(name, servers, keys)));
    write(row(name, speeds));
  }
  if (names.length > 0) return;
  const absent: string[] = [];
  for (const found of elsewhere()) {
    if (typeof found === 'string') absent.push(found);
    else write(row(found.name, found.speeds));
  }
  for (const sentence of absent) write(`\n${sentence}`);
  for (const { what, buildMs, removeUs, joinMs } of measureChanges())
    write(`\n${what}: built in ${buildMs.toFixed(1)} ms, a server removed in ${removeUs.toFixed(0)} µs, added in ${joinMs.toFixed(1)} ms.`); // prettier-ignore
}

function row(name: string, speeds: readonly Speed[]): string {
  return `| ${name} | ${cells(speeds).join(' | ')} |`;
}

function inChild(name: string, servers: number, keys: Speed['keys']): Speed {
  const asked = [CHILD, String(servers), keys, ...name.split(' ')];
  const args = ['--import', 'tsx', fileURLToPath(import.meta.url), ...asked];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Speed;
}

function cells(speeds: readonly Speed[]): string[] {
  return KEYS.flatMap((keys) =>
    [3, 1000, 100_000].map((servers) => {
      const found = speeds.find((speed) => speed.keys === keys && speed.servers === servers);
      return found ? (found.perSecond / 1e6).toPrecision(3) : '–';
    }),
  );
}
