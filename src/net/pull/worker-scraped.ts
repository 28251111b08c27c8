/**
 * What the listener's thread reports to the main thread about scrapes. A success waits for the next request: a message of its own
 * costs as much as a small page.
 */
import type { ScrapeEvent } from './scrape.ts';

export interface ScrapedBox {
  add(event: ScrapeEvent): void;
  /** What the next question takes along. */
  take(): readonly ScrapeEvent[];
}

/** A success is reported after this time at the latest, unless the main thread is blocked. */
const longestMs = 1_000;

/** @param post sends what no request carries in time, and what the main thread may log at once */
export function createScrapedBox(post: (scraped: readonly ScrapeEvent[]) => void): ScrapedBox {
  let events: ScrapeEvent[] = [];
  let timer: NodeJS.Timeout | undefined;

  function take(): readonly ScrapeEvent[] {
    const taken = events;
    events = [];
    return taken;
  }

  function flush(): void {
    if (events.length > 0) post(take());
  }

  function late(): void {
    timer = undefined;
    flush();
  }

  return {
    add(event) {
      events.push(event);
      if (event.outcome !== 'success' || event.omitted !== undefined) return flush();
      if (timer === undefined) timer = setTimeout(late, longestMs).unref();
    },
    take,
  };
}
