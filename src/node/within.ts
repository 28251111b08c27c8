/** Waiting for work no longer than there is time. */

export interface Time {
  /** Milliseconds. Undefined: none but the signal's. */
  readonly ms?: number | undefined;
  /** Ends the waiting when it aborts. */
  readonly signal?: AbortSignal;
  /** False: waiting does not keep the process alive. Default: true. */
  readonly ref?: boolean;
  /** True: what has arrived while this thread was kept from running is in time; it is heard in the same turn as the timer, but after it. */
  readonly afterInput?: boolean;
}

/** Timers count in 32 bits; a longer delay would fire at once. */
export const maxDelayMs = 2_147_483_647;

const over = Symbol('over');

/**
 * What `work` comes to; what `late` returns or throws when that takes longer. How work ends that is late changes nothing.
 */
export async function within<T, L>(work: Promise<T>, { ms, signal, ref = true, afterInput = false }: Time, late: () => L): Promise<T | L> {
  const { promise, resolve } = Promise.withResolvers<typeof over>();
  const end = () => resolve(over);
  const timer = ms === undefined ? undefined : setTimeout(afterInput ? () => setImmediate(end) : end, Math.min(ms, maxDelayMs));
  if (!ref) timer?.unref();
  if (signal?.aborted === true) end();
  signal?.addEventListener('abort', end, { once: true });
  // A rejection that comes late has no other handler.
  work.catch(() => {});
  try {
    const first = await Promise.race([work, promise]);
    return first === over ? late() : first;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}

/** What `work` comes to, or the signal's reason if that is first. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return within(work, { signal }, () => {
    throw signal.reason;
  });
}
