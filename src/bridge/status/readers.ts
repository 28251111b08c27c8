/** Who gets the values of a bridge: scrapers and the push, with the points that each got. */
import type { Meter } from '../../status/flow/meter.ts';
import type { Meters } from '../../status/flow/meters.ts';
import type { Flow, Rate } from '../../status/model/index.ts';
import { createScrapeLog, type ScrapeLog } from '../../status/scrape-log.ts';

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
  readonly log: ScrapeLog;
  /** Of every listener, also one in a thread. */
  onScrape(outcome: string): void;
  onPush(outcome: string): void;
}

/** @param size how many series there are now: what one scrape or push delivers */
export function createReaders(meters: Meters, clock: () => number, size: () => number, pushes: boolean): Readers {
  const log = createScrapeLog(clock);
  const [scrape, push] = [createReader(scrapeKey, meters), createReader(pushKey, meters)];

  return {
    all: pushes ? [scrape, push] : [scrape],
    log,
    onScrape(outcome) {
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
