/** Signals that ask a process to end, as a promise. */

/** Resolves at the first; the ones after it are met with patience, since the end is under way. */
export function signalled(): Promise<'signal'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        resolve('signal');
      });
    }
  });
}
