/** Waits for work, for a limited time. */

export interface Time {
  /** The limit in milliseconds. Undefined: only the signal's. */
  readonly ms?: number | undefined;
  /** Ends the wait when it aborts. */
  readonly signal?: AbortSignal;
  /** False: the wait does not keep the process alive. Default: true. */
  readonly ref?: boolean;
  /**
   * True: input that arrived while this thread was blocked is in time; it is handled in the same turn as the timer, but after it.
   */
  readonly afterInput?: boolean;
}

/** Timers use 32 bits; a longer delay would fire at once. */
export const maxDelayMs = 2_147_483_647;

const over = Symbol('over');

/** The result of `work`; the result of `late`, or its error, if that takes longer. A late result of `work` is ignored. */
export async function within<T, L>(
  work: Promise<T>,
  { ms, signal, ref = true, afterInput = false }: Time,
  late: () => L,
): Promise<T | L> {
  const { promise, resolve } = Promise.withResolvers<typeof over>();
  const end = () => resolve(over);
  const timer = ms === undefined ? undefined : setTimeout(afterInput ? () => setImmediate(end) : end, Math.min(ms, maxDelayMs));
  if (!ref) timer?.unref();
  if (signal?.aborted === true) end();
  signal?.addEventListener('abort', end, { once: true });
  // A late rejection has no other handler.
  work.catch(() => {});
  try {
    const first = await Promise.race([work, promise]);
    return first === over ? late() : first;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}

/** The result of `work`, or the signal's reason if that is first. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return within(work, { signal }, () => {
    throw signal.reason;
  });
}
