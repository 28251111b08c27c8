/** What a point means for a series that has a value, by their times alone. */
import { isBefore, type PointTime } from './point-time.ts';
import { type ReceivedSeries, seriesWord } from './received-series.ts';
import type { Rule } from './rules.ts';

export const pointVerdict = {
  /** Ignored: its time is before that of the series. Points with equal times are accepted, as in the Collector. */
  older: 0,
  /** Ignored: a delta that begins before the last one ended. */
  overlap: 1,
  take: 2,
  add: 3,
  /** Accepted as a new beginning: what came before has another start. */
  reset: 4,
  /** Accepted: it began before the series' start, so another writer sends the stream too. */
  contested: 5,
  /**
   * A delta that begins behind the end of the last one. It adds up: SDKs leave out a series that nothing was recorded for, so a
   * gap is where nothing happened, or where points were lost, and in neither case does the total begin anew. The data model would
   * have it begin anew ("Sums: detecting alignment issues").
   */
  gap: 6,
  /**
   * A delta with the times and the value of the series' newest one, from the same stream: its sender has not seen the response,
   * and sends it again.
   */
  repeat: 7,
} as const;
export type PointVerdict = (typeof pointVerdict)[keyof typeof pointVerdict];

/** @param print of the point's value, of a delta */
export function verdictOf(
  table: ReceivedSeries,
  series: number,
  rule: Rule,
  time: PointTime,
  stream: number,
  print: number,
): PointVerdict {
  return verdictOfTimes(
    rule,
    time,
    table.word(series, seriesWord.high),
    table.word(series, seriesWord.low),
    table.word(series, seriesWord.startHigh),
    table.word(series, seriesWord.startLow),
    table.word(series, seriesWord.print) === print && table.word(series, seriesWord.writer) === stream,
  );
}

/**
 * @param time of the point
 * @param high with `low` the time of the series' last point
 * @param sinceHigh with `sinceLow` its newest start, of deltas that of the newest one; 0 and 0: unknown
 * @param isSame the point has the newest one's value, and is of the same stream
 */
export function verdictOfTimes(
  rule: Rule,
  time: PointTime,
  high: number,
  low: number,
  sinceHigh: number,
  sinceLow: number,
  isSame: boolean,
): PointVerdict {
  if (isBefore(time.high, time.low, high, low)) return pointVerdict.older;
  if (rule === 'newest') return pointVerdict.take;
  const { startHigh, startLow } = time;
  // A sender that does not say when its points began can only mean one after the other.
  if (!time.started) return rule === 'delta' ? pointVerdict.add : pointVerdict.take;
  const isSince = startHigh === sinceHigh && startLow === sinceLow;
  const isAt = time.high === high && time.low === low;
  if (rule === 'delta') {
    if (isSame && isSince && isAt) return pointVerdict.repeat;
    if (startHigh === high && startLow === low) return pointVerdict.add;
    return isBefore(startHigh, startLow, high, low) ? pointVerdict.overlap : pointVerdict.gap;
  }
  if (isSince || (sinceHigh === 0 && sinceLow === 0)) return pointVerdict.take;
  if (isBefore(sinceHigh, sinceLow, startHigh, startLow)) return pointVerdict.reset;
  return isAt ? pointVerdict.take : pointVerdict.contested;
}
