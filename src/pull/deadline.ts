/** How long a scrape may take before Prometheus hangs up. */

/** Prometheus' own time-out less this, so that our 504 arrives before it gives up (the blackbox exporter subtracts the same). */
const offsetMs = 500;
/** With a time-out at or below the offset there must still be some time in which to answer. */
const leastMs = 100;
/** No two digits' runs meet, so that it is read in linear time. */
const seconds = /^\+?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * Milliseconds: the smaller of `maxMs` and what `X-Prometheus-Scrape-Timeout-Seconds` leaves. A header that is no positive
 * number counts as absent.
 */
export function scrapeDeadline(header: string | undefined, maxMs: number): number {
  const timeout = header !== undefined && seconds.test(header.trim()) ? Number(header) : 0;
  return timeout > 0 ? Math.min(maxMs, Math.max(timeout * 1000 - offsetMs, leastMs)) : maxMs;
}
