/** `lab.ts load URL`: puts a load on a server and prints what came of it; Ctrl-C prints what was measured so far. */
import { Command } from 'commander';
import { Presets, SingleBar } from 'cli-progress';
import { load } from './load.ts';
import { optionsOf } from './options.ts';
import type { LoadFlags } from './options.ts';
import { loadReport } from './report.ts';

const gather = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** The command; its exit code is 1 when a request failed. */
export function loadCommand(): Command {
  return new Command('load')
    .argument('<url>', 'where every request goes, such as http://127.0.0.1:5000/home')
    .option('--rate <n>', 'open loop: so many requests a second (default: 200)')
    .option('--arrivals <process>', 'gaps of the open loop: poisson or constant', 'poisson')
    .option('--clients <n>', 'closed loop: so many clients, each waiting for its answer')
    .option('--think <duration>', 'pause of a client after an answer', '0')
    .option('--requests <n>', 'stop after so many (default: 10000 unless --duration is given)')
    .option('--duration <duration>', 'stop sending after so long: 30s, 2m')
    .option(
      '--id <ids>',
      'id= of each request: random, sequential, none, or a distribution of keys',
      'random',
    )
    .option('--seed <n>', 'seed of ids and gaps', '42')
    .option('--connections <n>', 'most connections', '128')
    .option('--timeout <duration>', 'longest wait for an answer', '10s')
    .option('--method <method>', 'method of every request', 'GET')
    .option('--header <field>', "'Name: value', as often as needed", gather, [])
    .option('--body <text>', 'body of every request')
    .option('--bucket <duration>', 'width of a step of the timeline, 0 for none', '0')
    .option('--json', 'print the result as JSON')
    .action(async (url: string, flags: LoadFlags & { json?: boolean }) => {
      const options = optionsOf(url, flags);
      const bar = progressBar(options.durationMs);
      const interrupted = new AbortController();
      const stop = (): void => {
        interrupted.abort();
      };
      process.once('SIGINT', stop).once('SIGTERM', stop);
      const result = await load({ ...options, signal: interrupted.signal, onProgress: bar.update });
      process.off('SIGINT', stop).off('SIGTERM', stop);
      bar.stop();
      process.stdout.write(
        flags.json ? `${JSON.stringify({ ...result, serviceMs: undefined })}\n` : loadReport(result),
      );
      if (result.failed > 0) process.exitCode = 1;
    });
}

/** Shows progress on a terminal only, by requests or, where their number is open, by time. */
function progressBar(durationMs: number | undefined): {
  update: (done: number, of: number | undefined) => void;
  stop: () => void;
} {
  if (!process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const options = { format: '{bar} {percentage} % | {done} answers | {eta} s left', stream: process.stderr };
  const bar = new SingleBar(options, Presets.shades_classic);
  const start = performance.now();
  bar.start(1000, 0, { done: 0 });
  return {
    update(done, of) {
      const byTime = (performance.now() - start) / (durationMs ?? Infinity);
      bar.update(Math.min(1000, Math.floor(1000 * Math.max(byTime, done / (of ?? Infinity)))), { done });
    },
    stop: () => {
      bar.stop();
    },
  };
}
