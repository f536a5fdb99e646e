/** A progress bar on stderr, for people only: where stderr is not a terminal there is none. */
import { Presets, SingleBar } from 'cli-progress';

/** How long work must take before a bar is worth its flicker. */
const PATIENCE_MS = 300;

/** A bar that counts to `total`, or nothing; `stop` takes it off the screen. */
export function progressBar(total: number): { update: (done: number) => void; stop: () => void } {
  if (!process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const format = '{bar} {percentage}%  {value} of {total} requests, {eta_formatted} left';
  const bar = new SingleBar(
    { format, stream: process.stderr, clearOnComplete: true },
    Presets.shades_classic,
  );
  const began = performance.now();
  let shown = false;
  return {
    update: (done) => {
      if (!shown && performance.now() - began < PATIENCE_MS) return;
      if (!shown) bar.start(total, done);
      shown = true;
      bar.update(done);
      bar.render(); // the run does not yield to timers, so the bar is drawn by hand
    },
    stop: () => {
      if (shown) bar.stop();
    },
  };
}
