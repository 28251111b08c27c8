/** Streams that are no longer sent are dropped. All of them are checked in slices, because there may be a million. */

import type { ReceivedTally } from '../tally.ts';
import { type StreamTable, streamWord } from './stream-table.ts';

export interface ExpiryParts {
  readonly streams: StreamTable;
  readonly tally: ReceivedTally;
  readonly expireAfterMs: number;
  readonly remove: (stream: number) => void;
  /** When the series of a silent stream was written last, if the stream stays with it. */
  readonly seenWith: (stream: number) => number | undefined;
}

export interface Expiry {
  /** Whether `go` would look at any. */
  isDue(now: number): boolean;
  /** Looks at `count` more streams; true: that was the last of a round, or none can have expired. */
  go(now: number, count: number): boolean;
}

export function createExpiry({ streams, tally, expireAfterMs, remove, seenWith }: ExpiryParts): Expiry {
  /** No stream was last seen before that, but those whose value went since. */
  let earliest = Number.NEGATIVE_INFINITY;
  let stale = 0;
  /** The position of the round that is under way; 0: none is. */
  let at = 0;
  let earliestOfRound = 0;

  function begin(now: number): void {
    at = 1;
    earliestOfRound = now;
    stale = tally.stale;
  }

  function look(stream: number, before: number): void {
    if (streams.word(stream, streamWord.metric) === 0) return;
    const seen = streams.seen[stream] as number;
    if (seen >= before && seen > Number.NEGATIVE_INFINITY) {
      earliestOfRound = Math.min(earliestOfRound, seen);
      return;
    }
    const others = seen === Number.NEGATIVE_INFINITY ? undefined : seenWith(stream);
    if (others !== undefined && others >= before) {
      streams.seen[stream] = others;
      earliestOfRound = Math.min(earliestOfRound, others);
      return;
    }
    remove(stream);
    if (seen > Number.NEGATIVE_INFINITY) tally.expired++;
  }

  function isDue(before: number): boolean {
    return at !== 0 || earliest < before || stale !== tally.stale;
  }

  return Object.freeze<Expiry>({
    isDue: (now) => isDue(now - expireAfterMs),
    go(now, count) {
      const before = now - expireAfterMs;
      if (!isDue(before)) return true;
      if (at === 0) begin(now);
      const end = Math.min(streams.records.used, at + count);
      while (at < end) look(at++, before);
      if (at < streams.records.used) return false;
      at = 0;
      earliest = earliestOfRound;
      return true;
    },
  });
}
