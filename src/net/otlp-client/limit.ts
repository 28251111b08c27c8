/**
 * What ends an attempt early: its time is over, or its sender stops. An AbortController for each request costs more, and so do
 * listeners of a signal that stays: each one that is removed still refers to the next one, so that they all reach the old
 * generation, with all that they refer to.
 */
export interface Limit {
  /** Why it has ended. Undefined: it has not. */
  readonly ended: string | undefined;
  /** Called once it ends: by whoever works within it. */
  onEnd: (() => void) | undefined;
}

export const timedOut = 'timed out';

/** Those that end with a signal. */
const limitsOf = new WeakMap<AbortSignal, Set<(reason: string) => void>>();

/** Calls `work` with a limit of so many milliseconds, which ends with `signal`, too. */
export async function within<T>(ms: number, signal: AbortSignal, work: (limit: Limit) => Promise<T>): Promise<T> {
  const limit: { ended: string | undefined; onEnd: (() => void) | undefined } = { ended: undefined, onEnd: undefined };
  function end(reason: string): void {
    limit.ended = reason;
    limit.onEnd?.();
  }
  if (signal.aborted) end(reasonOf(signal));
  const timer = setTimeout(end, ms, timedOut);
  const others = limitsOf.get(signal) ?? follow(signal);
  others.add(end);
  try {
    return await work(limit);
  } finally {
    clearTimeout(timer);
    others.delete(end);
  }
}

function follow(signal: AbortSignal): Set<(reason: string) => void> {
  const limits = new Set<(reason: string) => void>();
  limitsOf.set(signal, limits);
  signal.addEventListener('abort', () => limits.forEach((end) => void end(reasonOf(signal))), { once: true });
  return limits;
}

function reasonOf({ reason }: AbortSignal): string {
  return reason instanceof Error ? reason.message : String(reason);
}
