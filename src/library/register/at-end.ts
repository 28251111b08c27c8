/** The last push, at the end of the process. */

const signals = ['SIGTERM', 'SIGINT'] as const;

export interface Ending {
  /** Pushes now. */
  readonly flush: () => Promise<unknown>;
  /** Pushes a last time. */
  readonly close: () => Promise<void>;
}

/**
 * Closes once: when the event loop has nothing left, or at a signal that ends the process. A program with handlers of its own
 * decides how it ends: it still responds to requests, and may end by `process.exit()`, so what there is by then is pushed at the
 * signal, and the rest goes on.
 */
export function atEnd({ flush, close }: Ending): void {
  let closing: Promise<void> | undefined;
  const closed = () => (closing ??= close().catch(() => {}));
  process.once('beforeExit', () => void closed());

  for (const signal of signals) {
    const ended = () => {
      if (process.listenerCount(signal) > 1) {
        flush().catch(() => {});
        return;
      }
      // As if there had never been a handler.
      void closed().then(() => {
        process.off(signal, ended);
        process.kill(process.pid, signal);
      });
    };
    process.on(signal, ended);
  }
}
