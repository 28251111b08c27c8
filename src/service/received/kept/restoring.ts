/** Goes on with what another process had: parts of its state, and what it took since. */
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import type { SeriesNames } from '../names/index.ts';
import type { SilentTotals } from '../silent/silent-totals.ts';
import type { LookUp } from '../streams/look-up.ts';
import type { PointWriter } from '../streams/point-writer.ts';
import type { ReceivedSeries } from '../streams/received-series.ts';
import type { StreamTable } from '../streams/stream-table.ts';
import type { Applied } from './applied.ts';
import { isLate, neverMade, seeLate } from './late-streams.ts';
import { restorePoints } from './restore-points.ts';
import { isSilent, silentIn } from './silent-part.ts';
import type { StatePart } from './state-part.ts';

/**
 * Goes on with what another process had: first the parts of its `states`, then the batches that it took since the first of them.
 */
export interface Restoring {
  /** So many series there are in the parts, about. */
  expects(series: number): void;
  /**
   * @param names whether the names of metrics are as they were
   * @param batch the number of the last batch that was taken when the part was yielded: that one, and those before it, change
   * none of its series
   * @returns how many points do not fit, within the limits or beside others of their names
   */
  restore(part: StatePart, names: boolean, batch: number): number;
  /** The next batch is repeated, and has this number. */
  repeats(batch: number): void;
  /** Everything is as it was. */
  end(): void;
}

interface Late {
  readonly part: StatePart;
  /** The last one that was taken when it was yielded. */
  readonly batch: number;
}

export interface RestoringParts {
  readonly names: Pick<SeriesNames, 'hold'>;
  readonly streams: StreamTable;
  readonly series: ReceivedSeries;
  readonly totals: SilentTotals;
  readonly applied: Applied;
  readonly lookUp: LookUp;
  readonly writer: PointWriter;
  /** Series at most. */
  readonly most: number;
  /** Does something with a part's request, its streams at hand. */
  readonly lookedUp: <T>(part: StatePart, work: (request: Batch) => T) => T;
  readonly remove: (stream: number) => void;
}

/** `letGo`: nothing is kept for parts that are still to come. */
export function createRestoring(parts: RestoringParts): { readonly restoring: Restoring; readonly letGo: () => void } {
  const { names, streams, series, totals, applied, lookUp, writer, most, lookedUp, remove } = parts;
  const holds: (() => void)[] = [];
  /** Parts of streams that batches make which are repeated. */
  const late: Late[] = [];
  /** The last batch that was taken when the last part was yielded. */
  let allParts = Number.POSITIVE_INFINITY;

  /** Metrics without a series when their part was taken have left with this. */
  function letGo(): void {
    for (const hold of holds.splice(0)) hold();
  }

  const restoring: Restoring = {
    restore(part, named, batch) {
      allParts = batch;
      if (isSilent(part)) {
        if (named) totals.restore(silentIn(part));
        return 0;
      }
      if (isLate(part)) {
        late.push({ part, batch });
        return 0;
      }
      if (named) holds.push(...part.names.map(names.hold));
      return lookedUp(part, (request) => restorePoints(request, part, lookUp, { writer, series, streams, applied, batch }));
    },
    expects(count) {
      const expected = Math.min(count, most);
      streams.reserve(expected);
      series.records.reserve(expected);
    },
    repeats(batch) {
      while (late.length > 0 && (late[0] as Late).batch < batch) {
        const { part } = late.shift() as Late;
        lookedUp(part, (request) => seeLate(request, part, lookUp, streams, applied));
      }
      if (batch > allParts) {
        allParts = Number.POSITIVE_INFINITY;
        for (const stream of neverMade(streams, applied)) remove(stream);
      }
      applied.repeats(batch);
    },
    end() {
      restoring.repeats(Number.MAX_VALUE);
      applied.end();
      letGo();
    },
  };

  return { restoring, letGo };
}
