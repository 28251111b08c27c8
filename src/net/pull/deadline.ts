/** How long a scrape may take before Prometheus hangs up. */

/**
 * Subtracted from Prometheus' time-out, so that our 504 arrives before Prometheus gives up (the blackbox exporter subtracts the
 * same).
 */
const offsetMs = 500;
/** Leaves some time to respond when the time-out is at or below the offset. */
const leastMs = 100;
/** No two runs of digits are adjacent, so matching takes linear time. */
const seconds = /^\+?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * Milliseconds: the smaller of `maxMs` and what `X-Prometheus-Scrape-Timeout-Seconds` leaves. A header that is not a positive
 * number counts as absent.
 */
export function scrapeDeadline(header: string | undefined, maxMs: number): number {
  const timeout = header !== undefined && seconds.test(header.trim()) ? Number(header) : 0;
  return timeout > 0 ? Math.min(maxMs, Math.max(timeout * 1000 - offsetMs, leastMs)) : maxMs;
}
