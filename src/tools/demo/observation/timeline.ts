/** When an address responded: a dot for each scrape that was due, and the longest time without a response. */
export interface Timeline {
  /** A response is there. */
  answered(): void;
  /** The latest dots, the oldest first; false: there was no response for a second. */
  dots(): readonly boolean[];
  longestGapMs(): number;
}

/** Longer than a busy machine needs, and far shorter than a person notices. */
const lateMs = 1_000;
/** Half a minute of them. */
const mostDots = 60;

/** @param everyMs between two scrapes */
export function createTimeline(everyMs: number, now: () => number = () => performance.now()): Timeline {
  let next = now() + everyMs;
  let last = now();
  let longest = 0;
  const dots: boolean[] = [];

  function advance(to: number): void {
    for (; next <= to; next += everyMs) dots.push(next - last < lateMs);
    dots.splice(0, dots.length - mostDots);
  }
  return {
    answered() {
      const at = now();
      advance(at);
      longest = Math.max(longest, at - last);
      last = at;
    },
    dots() {
      advance(now());
      return [...dots];
    },
    longestGapMs: () => Math.max(longest, now() - last),
  };
}
