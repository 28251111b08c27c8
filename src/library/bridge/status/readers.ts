/** Who gets the values of a bridge: scrapers and the push, with the points that each got. */
import type { Handler, Reply, RequestFacts } from '../../../net/http/exchange.ts';
import type { Meter } from '../../../status/flow/meter.ts';
import type { Meters } from '../../../status/flow/meters.ts';
import type { Flow, Rate, Scrapers } from '../../../status/model/index.ts';
import { createScrapeLog } from '../../../status/scrape-log.ts';

export const scrapeKey = 'reader scrape';
export const pushKey = 'reader push';

export interface Reader {
  readonly key: string;
  /** Points that it got. */
  readonly flow: (now: number) => Flow;
  readonly failing: () => boolean;
  readonly lastError: () => { readonly at: number; readonly text: string } | undefined;
}

export interface Readers {
  readonly all: readonly Reader[];
  /** A scrape handler whose clients are known. */
  watching(scrape: Handler): Handler;
  scrapers(now: number): Scrapers;
  /** All scrapes so far, whichever listener responded. */
  readonly scrapes: number;
  /** Of every listener, also one in a thread. */
  onScrape(outcome: string): void;
  onPush(outcome: string): void;
}

/** @param size how many series there are now: what one scrape or push delivers */
export function createReaders(meters: Meters, clock: () => number, size: () => number, pushes: boolean): Readers {
  const log = createScrapeLog(clock);
  const [scrape, push] = [createReader(scrapeKey, meters), createReader(pushKey, meters)];

  /** Responses to scrapes: of every listener, and of the one that has the page. */
  let scrapes = 0;
  let own = 0;

  function counted(request: RequestFacts, reply: Reply): Reply {
    if (request.method === 'GET' && !notScrapes.has(reply.status)) own += 1;
    return reply;
  }

  return {
    all: pushes ? [scrape, push] : [scrape],
    watching: (handler) =>
      log.watching(scrapeKey, (request) => {
        const reply = handler(request);
        return 'then' in reply ? reply.then((late) => counted(request, late)) : counted(request, reply);
      }),
    scrapers(now) {
      const elsewhere = Math.max(0, scrapes - own);
      return { ...log.answer(now), ...(elsewhere > 0 && { elsewhere }) };
    },
    get scrapes() {
      return scrapes;
    },
    onScrape(outcome) {
      scrapes += 1;
      // `stale`: the last values of callbacks that are late.
      if (outcome === 'success' || outcome === 'stale') scrape.delivered(size());
      else scrape.failed(clock(), `a scrape failed: ${outcome.replaceAll('_', ' ')}`);
    },
    onPush(outcome) {
      if (outcome === 'success') push.delivered(size());
      else push.failed(clock(), 'the push failed; the next one has the same totals, so nothing is lost');
    },
  };
}

/** Statuses of a request that collects nothing. */
const notScrapes: ReadonlySet<number> = new Set([400, 405]);

const none: Rate = { now: 0, minutes: [] };

function createReader(key: string, meters: Meters) {
  let total = 0;
  let error: { readonly at: number; readonly text: string } | undefined;
  let failing = false;
  const taken: Meter = meters.meter(() => total);
  return {
    key,
    delivered(points: number) {
      total += points;
      failing = false;
    },
    failed(at: number, text: string) {
      error = { at, text };
      failing = true;
    },
    flow: (now: number): Flow => ({
      ...{ rate: taken.rate(now), total, refused: 0, refusedRate: none },
      // What a reader missed it gets the next time: totals are never lost on the way.
      ...{ failed: 0, failedRate: none },
    }),
    failing: () => failing,
    lastError: () => error,
  };
}
