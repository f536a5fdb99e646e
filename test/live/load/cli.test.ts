/** `lab.ts load`: flags to options, a table or JSON on standard output, and an end by Ctrl-C that still reports. */
import { Command } from 'commander';
import { describe, expect, it, vi } from 'vitest';
import { loadCommand } from '../../../live/load/cli.ts';
import type { LoadResult } from '../../../live/load/result.ts';
import { optionsOf } from '../../../live/load/options.ts';
import type { LoadFlags } from '../../../live/load/options.ts';
import { afterwards, backend, labReplica } from '../gateway/stage.ts';

/** Runs the command and returns what it printed. */
async function printed(...args: string[]): Promise<string> {
  let out = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  const program = new Command().exitOverride().addCommand(loadCommand());
  try {
    await program.parseAsync(['load', ...args], { from: 'user' });
  } finally {
    write.mockRestore();
  }
  return out;
}

const exitCodeRestored = (): void => {
  const before = process.exitCode;
  afterwards(() => Promise.resolve((process.exitCode = before)));
};

describe('the load command', () => {
  it('prints replicas, response times and failures as tables', async () => {
    exitCodeRestored();
    const port = await backend((request, response) => {
      if (request.url?.includes('id=100000')) response.writeHead(500).end();
      else labReplica('S1')(request, response);
    });
    const out = await printed(
      `http://127.0.0.1:${port}/home`,
      '--clients',
      '2',
      '--requests',
      '20',
      '--id',
      'sequential',
    );
    expect(out).toMatch(/20 sent, 19 ok, .*1 failed/);
    expect(out).toMatch(/response \(from intended start\) +│ +\d+\.\d\d/);
    expect(out).toMatch(/S1 +│ +19 +│ 100\.0 %/);
    expect(out).toMatch(/status +│ +1 /);
    expect(process.exitCode).toBe(1);
  });

  it('prints JSON when asked', async () => {
    const port = await backend(labReplica('S7'));
    const args = [
      '--rate',
      '500',
      '--arrivals',
      'constant',
      '--duration',
      '200ms',
      '--bucket',
      '100ms',
      '--json',
    ];
    const result = JSON.parse(await printed(`http://127.0.0.1:${port}/home`, ...args)) as LoadResult;
    expect(result).toMatchObject({ sent: 100, ok: 100, replicas: [{ replica: 'S7', requests: 100 }] });
    expect(result.fit).toHaveProperty('reasons');
  });

  it('prints what was measured so far at Ctrl-C', async () => {
    const port = await backend(labReplica('S1'));
    setTimeout(() => process.emit('SIGINT'), 300);
    const out = await printed(`http://127.0.0.1:${port}/home`, '--rate', '100', '--duration', '1m');
    expect(out).toMatch(/^.*\n\d+ sent, \d+ ok/);
  });
});

describe('the flags', () => {
  const flags: LoadFlags = {
    ...{ think: '0', arrivals: 'poisson', id: 'random', seed: '42', connections: '128', timeout: '10s' },
    ...{ method: 'get', header: [], bucket: '0' },
  };

  it.each([
    [{ rate: '50' }, 'poisson(50)'],
    [{}, 'poisson(200)'],
    [{ rate: '9.5', arrivals: 'constant' }, 'constant(9.5)'],
    [{ clients: '4', think: '1s' }, 'closed(4,1000)'],
  ])('%j are the arrivals %s', (given, arrivals) => {
    expect(optionsOf('http://x', { ...flags, ...given }).arrivals).toBe(arrivals);
  });

  it.each([
    [{ rate: '5', clients: '4' }, 'not both'],
    [{ clients: '0' }, "--clients is '0', but must be an integer from 1"],
    [{ duration: 'long' }, "--duration has 'long', but must be a duration"],
    [{ header: ['Host'] }, "--header is 'Host', but must be 'Name: value'"],
  ])('%j are refused: %s', (given, reason) => {
    expect(() => optionsOf('http://x', { ...flags, ...given })).toThrow(reason);
  });
});
