/** What a point means for a series that has a value, by their times alone. */
import { isBefore, type PointTime } from './point-time.ts';
import type { Rule } from './rules.ts';
import { seriesWord } from './series-table.ts';

export const verdict = {
  /** Ignored: its time is before that of the series. Equal times are taken, as the Collector does. */
  older: 0,
  /** Ignored: a delta that begins before the last one ended. */
  overlap: 1,
  take: 2,
  add: 3,
  /** Taken as it is, for what came before is of another start, or there is a gap between two deltas. */
  anew: 4,
  /** Taken: it began before what is there, so somebody else sends the stream too. */
  contested: 5,
} as const;
export type Verdict = (typeof verdict)[keyof typeof verdict];

/** `words` from `word` on: those of the series. */
export function judge(words: Int32Array, word: number, rule: Rule, time: PointTime): Verdict {
  const high = words[word + seriesWord.high] as number;
  const low = words[word + seriesWord.low] as number;
  if (isBefore(time.high, time.low, high, low)) return verdict.older;
  if (rule === 'newest') return verdict.take;
  const { startHigh, startLow } = time;
  // A sender that does not say when its points began can only mean one after the other.
  if (!time.started) return rule === 'delta' ? verdict.add : verdict.take;
  if (rule === 'delta') {
    if (startHigh === high && startLow === low) return verdict.add;
    return isBefore(startHigh, startLow, high, low) ? verdict.overlap : verdict.anew;
  }
  const sinceHigh = words[word + seriesWord.startHigh] as number;
  const sinceLow = words[word + seriesWord.startLow] as number;
  if ((startHigh === sinceHigh && startLow === sinceLow) || (sinceHigh === 0 && sinceLow === 0)) return verdict.take;
  if (isBefore(sinceHigh, sinceLow, startHigh, startLow)) return verdict.anew;
  return time.high === high && time.low === low ? verdict.take : verdict.contested;
}
