/** Handles the events of sources and readers: adds them up for the self-metrics, and logs each change once. */
import type { Refused } from '../access/guarded.ts';
import type { Omitted } from '../exposition/write/rendering.ts';
import type { AdmitEvent, CollectEvent } from '../recording/index.ts';
import { addTime, countOne, createTally, type Tally } from '../self/tally.ts';
import { type Log, logAdmissions, logCollections, logForeign, logOmissions } from './logged-once.ts';

export interface Events {
  readonly tally: Tally;
  onAdmit(event: AdmitEvent): void;
  onCollect(event: CollectEvent): void;
  onScrape(event: { readonly outcome: string; readonly seconds: number; readonly omitted?: readonly Omitted[] }): void;
  onRefused(event: Pick<Refused, 'reason' | 'count'>): void;
  onPush(event: { readonly outcome: string; readonly seconds: number }): void;
  /** Receives the errors of instruments outside the contracts after each collection; empty on success. */
  onForeign(errors: readonly unknown[]): void;
}

/** `log` must not throw, because a recording call must never throw. */
export function createEvents(log: Log): Events {
  const tally = createTally();
  const [admitted, collected, omitted, foreign] = [logAdmissions(log), logCollections(log), logOmissions(log), logForeign(log)];

  return {
    tally,
    onAdmit(event) {
      if (event.outcome === 'dropped') tally.attributesDropped += 1;
      else if (event.outcome === 'shortened') tally.labelsShortened += 1;
      else if (event.outcome === 'folded') tally.folded[event.reason] += 1;
      else countOne(tally.refused, event.reason);
      admitted(event);
    },
    onCollect(event) {
      countOne(tally.collections, event.outcome);
      addTime(tally.collectionDuration, event.seconds);
      collected(event);
    },
    onScrape(event) {
      countOne(tally.scrapes, event.outcome);
      addTime(tally.scrapeDuration, event.seconds);
      for (const one of event.omitted ?? []) {
        if (one.reason !== 'metadata') countOne(tally.omitted, one.reason);
        omitted(one);
      }
    },
    onRefused: ({ reason, count }) => countOne(tally.requestsRefused, reason, count),
    onPush(event) {
      countOne(tally.pushes, event.outcome);
      addTime(tally.pushDuration, event.seconds);
    },
    onForeign: foreign,
  };
}
