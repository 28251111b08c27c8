/** The last push, at the end of the process. */

const signals = ['SIGTERM', 'SIGINT'] as const;

/** Calls `close` once: when the event loop has nothing left, or at a signal. A program's own handlers stay in charge of how it ends. */
export function atEnd(close: () => Promise<void>): void {
  let closing: Promise<void> | undefined;
  const closed = () => (closing ??= close().catch(() => {}));
  process.once('beforeExit', () => void closed());

  for (const signal of signals) {
    const ended = () => {
      const alone = process.listenerCount(signal) === 1;
      const done = closed();
      if (!alone) return;
      // As if there had never been a handler.
      void done.then(() => {
        process.off(signal, ended);
        process.kill(process.pid, signal);
      });
    };
    process.on(signal, ended);
  }
}
