/** `Retry-After` (RFC 9110, section 10.2.3): how long a receiver asks for no further request. */

/** In milliseconds: one second, the unit of the header. */
const shortestWait = 1_000;
/** The longest of the three forms of a date has some 33 characters. */
const maxLength = 64;

/**
 * Milliseconds, from 1,000 to `longestMs`, so that a receiver cannot stop a client for longer, by mistake or on purpose.
 * Undefined where the header is absent or unreadable, and where its time is 0, negative or past: then the usual pauses apply.
 */
export function retryAfterMs(value: string | undefined, longestMs: number, now: number = Date.now()): number | undefined {
  if (value === undefined || value.length > maxLength) return undefined;
  const text = value.trim();
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : dateOf(text) - now;
  return wait > 0 ? Math.min(Math.max(wait, shortestWait), longestMs) : undefined;
}

/** A date without a zone is in the form of `asctime`, which means UTC. */
function dateOf(text: string): number {
  if (!/^[A-Z][a-z]{2,8},? /.test(text)) return Number.NaN;
  return Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
}
