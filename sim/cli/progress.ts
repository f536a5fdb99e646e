/** A progress bar on stderr, for people only: where stderr is not a terminal there is none. */
import { Presets, SingleBar } from 'cli-progress';

/** How long work must take before a bar is worth its flicker. */
const PATIENCE_MS = 300;
/** Between two drawings. */
const REFRESH_MS = 50;
const FORMAT = '{bar} {percentage}%  {eta_formatted} left';
const WIDEST_BAR = 40;
/** What the format takes beside the bar, at most. */
const BESIDE = 22;

/** A bar that counts to `total`, or nothing; `stop` takes it off the screen. */
export function progressBar(total: number): { update: (done: number) => void; stop: () => void } {
  if (!process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const barsize = Math.max(1, Math.min(WIDEST_BAR, process.stderr.columns - BESIDE));
  // The bar leaves the terminal's own settings alone, since Ctrl-C would leave them changed.
  const manners = { clearOnComplete: true, hideCursor: false, linewrap: true };
  const bar = new SingleBar(
    { format: FORMAT, stream: process.stderr, barsize, ...manners },
    Presets.shades_classic,
  );
  let next = performance.now() + PATIENCE_MS;
  let shown = false;
  return {
    update: (done) => {
      if (performance.now() < next) return;
      next = performance.now() + REFRESH_MS;
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
