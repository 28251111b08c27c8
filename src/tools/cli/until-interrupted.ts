/**
 * Aborts at the first SIGINT or SIGTERM, for a command that then reports what it has; the second one ends the process as ever.
 */
export async function untilInterrupted<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupted = new AbortController();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const hear = (): void => {
    for (const signal of signals) process.off(signal, hear);
    interrupted.abort();
  };
  for (const signal of signals) process.on(signal, hear);
  try {
    return await run(interrupted.signal);
  } finally {
    for (const signal of signals) process.off(signal, hear);
  }
}
