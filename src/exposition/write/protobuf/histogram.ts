/** A histogram's row as a message `Histogram`: with the buckets of its bounds, or with native ones. */
import { exemplarAt, type RowLayout } from '../../../store/index.ts';
import type { ByteBuffer } from '../bytes/byte-buffer.ts';
import { mostExemplar, putExemplar } from './exemplar.ts';
import { bucketTag, histogramTag, metricTag } from './fields.ts';
import { nativeMessage } from './native-histogram.ts';
import type { ValueMessage } from './row-writer.ts';
import { mostTimestamp, putStart } from './timestamp.ts';
import { mostDouble, mostVarint, Nested, putDoubleField, putVarintField } from './wire.ts';

type HistogramLayout = Extract<RowLayout, { form: 'histogram' | 'exponential' }>;

/** @param coarse is called for a row whose buckets cannot be shown */
export function histogramMessage(layout: HistogramLayout, coarse: () => void): ValueMessage {
  return layout.form === 'exponential' ? nativeMessage(layout, coarse) : classicMessage(layout);
}

/** Its field and length, a count, its bound. */
const mostBucket = 4 + 1 + mostVarint + mostDouble;
function classicMessage(layout: Extract<RowLayout, { form: 'histogram' }>): ValueMessage {
  const { bounds, buckets, sum } = layout;
  const hasExemplars = layout.exemplars > 0;
  const bucket = new Nested();
  return {
    tag: metricTag.histogram,
    most: 2 * mostDouble + mostTimestamp + buckets * (mostBucket + (hasExemplars ? mostExemplar : 0)),
    samples: buckets + 2,
    write(out, cells, cellAt, family, row) {
      let count = 0;
      for (let index = 0; index < buckets; index++) {
        count += cells[cellAt + index] as number;
        const message = bucket.open(out, histogramTag.bucket);
        putCount(out, bucketTag.count, bucketTag.countFloat, count);
        putDoubleField(out, bucketTag.bound, index < bounds.length ? (bounds[index] as number) : Number.POSITIVE_INFINITY);
        if (hasExemplars) putExemplar(out, bucketTag.exemplar, cells, cellAt + exemplarAt(layout, index));
        bucket.close(out, message);
      }
      putCount(out, histogramTag.count, histogramTag.countFloat, count);
      putDoubleField(out, histogramTag.sum, cells[cellAt + sum] as number);
      putStart(out, histogramTag.created, cells, cellAt, family, row);
      return true;
    },
  };
}

/** As an integer where it is one: only foreign producers have others. */
export function putCount(out: ByteBuffer, tag: number, floatTag: number, count: number): void {
  if (count >= 0 && Number.isInteger(count)) putVarintField(out, tag, count);
  else putDoubleField(out, floatTag, count);
}
