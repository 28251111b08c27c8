/** A histogram's row as a message `Histogram`: with the buckets of its bounds, with native ones, or with both. */
import { exponentialCell } from '../../../../core/store/cells/exponential-cells.ts';
import { countByPowers, exemplarAt, type RowLayout } from '../../../../core/store/index.ts';
import type { ByteBuffer } from '../bytes/byte-buffer.ts';
import type { ExemplarLabels } from '../exemplar-labels.ts';
import { mostExemplar, putExemplar, putExemplars } from './exemplar.ts';
import { bucketTag, histogramTag, metricTag } from './fields.ts';
import { NativeHistogram } from './native-histogram.ts';
import { mostTimestamp, putStart } from './timestamp.ts';
import type { ValueMessage } from './value-message.ts';
import { mostDouble, mostVarint, Nested, putCount, putDoubleField } from './wire.ts';

type HistogramLayout = Extract<RowLayout, { form: 'histogram' | 'exponential' }>;
type BoundsLayout = Extract<RowLayout, { form: 'histogram' }>;

/** Its field and length, a count, its bound. */
const mostBucket = 4 + 1 + mostVarint + mostDouble;
const mostTotals = 2 * mostDouble;

/**
 * @param powers exponents of the powers of two by which exponential buckets are shown besides
 * @param coarse is called for a row whose exponential buckets cannot be shown
 */
export function histogramMessage(
  layout: HistogramLayout,
  powers: readonly number[],
  exemplarLabels: ExemplarLabels,
  coarse: () => void,
): ValueMessage {
  const native = layout.exponential && new NativeHistogram(layout.exponential);
  return layout.form === 'exponential'
    ? nativeMessage(layout, native as NativeHistogram, powers, exemplarLabels, coarse)
    : boundsMessage(layout, native, exemplarLabels, coarse);
}

function boundsMessage(
  layout: BoundsLayout,
  native: NativeHistogram | undefined,
  exemplarLabels: ExemplarLabels,
  coarse: () => void,
): ValueMessage {
  const { buckets, exponential, hasSum } = layout;
  const put = bucketWriter(layout.bounds, layout.exemplars > 0 ? layout : undefined, exemplarLabels);
  return {
    tag: metricTag.histogram,
    most:
      mostTotals +
      mostTimestamp +
      buckets * (mostBucket + (layout.exemplars > 0 ? mostExemplar(layout) : 0)) +
      (native?.most ?? 0),
    samples: buckets + 2,
    write(out, cells, cellAt, family, row) {
      const count = put(out, cells, cellAt);
      // Native buckets are to add up to the count, also in a copy from another thread.
      const shown = exponential === undefined ? count : (cells[cellAt + exponential.at + exponentialCell.count] as number);
      putCount(out, histogramTag.count, histogramTag.countFloat, shown);
      // The message has no presence: left out it would be read as 0.
      putDoubleField(out, histogramTag.sum, hasSum ? (cells[cellAt + layout.sum] as number) : Number.NaN);
      if (native?.put(out, cells, cellAt) === false) coarse();
      putStart(out, histogramTag.created, cells, cellAt, family, row);
      return true;
    },
  };
}

/** Writes the buckets, added up, and returns the sum of all. `exemplars`: where each has its own. */
function bucketWriter(
  bounds: readonly number[],
  exemplars: BoundsLayout | undefined,
  exemplarLabels: ExemplarLabels,
): (out: ByteBuffer, cells: Float64Array, cellAt: number) => number {
  const buckets = bounds.length + 1;
  const bucket = new Nested();
  return (out, cells, cellAt) => {
    let count = 0;
    for (let index = 0; index < buckets; index++) {
      count += cells[cellAt + index] as number;
      const message = bucket.open(out, histogramTag.bucket);
      putCount(out, bucketTag.count, bucketTag.countFloat, count);
      putDoubleField(out, bucketTag.bound, index < bounds.length ? (bounds[index] as number) : Number.POSITIVE_INFINITY);
      if (exemplars !== undefined)
        putExemplar(out, bucketTag.exemplar, cells, cellAt + exemplarAt(exemplars, index), exemplarLabels);
      bucket.close(out, message);
    }
    return count;
  };
}

function nativeMessage(
  layout: Extract<RowLayout, { form: 'exponential' }>,
  native: NativeHistogram,
  powers: readonly number[],
  exemplarLabels: ExemplarLabels,
  coarse: () => void,
): ValueMessage {
  const { exemplars, shape } = layout;
  const hasPowers = powers.length > 0;
  const counts = new Float64Array(powers.length + 1);
  const put = bucketWriter(
    powers.map((exponent) => 2 ** exponent),
    undefined,
    exemplarLabels,
  );
  return {
    tag: metricTag.histogram,
    most:
      mostTotals + mostTimestamp + native.most + exemplars * mostExemplar(layout) + (hasPowers ? counts.length * mostBucket : 0),
    samples: hasPowers ? counts.length + 2 : 1,
    write(out, cells, cellAt, family, row) {
      if (hasPowers) {
        countByPowers(cells, cellAt, shape, powers, counts);
        put(out, counts, 0);
      }
      putCount(out, histogramTag.count, histogramTag.countFloat, cells[cellAt + layout.count] as number);
      putDoubleField(out, histogramTag.sum, cells[cellAt + layout.sum] as number);
      if (!native.put(out, cells, cellAt)) coarse();
      if (exemplars > 0) putExemplars(out, histogramTag.exemplar, layout, cells, cellAt, exemplarLabels);
      putStart(out, histogramTag.created, cells, cellAt, family, row);
      return true;
    },
  };
}
