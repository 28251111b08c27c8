/** `HistogramDataPoint`. */
import { fixedOf, lengthOf, types } from '../../wire/protobuf-tags.ts';
import type { HistogramExtras, PointHeader } from '../metrics-writer.ts';
import { writeExemplars } from './exemplars.ts';
import type { PointFields } from './point-fields.ts';

/** All of a point but buckets, bounds and attributes, lengths included. */
const histogramRoom = 64;

/** `counts[at]` and on are the buckets. */
export function writeHistogram(
  fields: PointFields,
  header: PointHeader,
  bounds: ArrayLike<number>,
  counts: ArrayLike<number>,
  at: number,
  sum: number | undefined,
  extras: HistogramExtras | undefined,
): number {
  const { sink } = fields;
  const opened = fields.open();
  const buckets = bounds.length + 1;
  sink.reserve(histogramRoom + 16 * buckets);
  fields.times(header);
  let total = 0;
  for (let index = 0; index < buckets; index++) total += counts[at + index] as number;
  sink.byte(fixedOf(4));
  sink.count(total);
  if (sum !== undefined) {
    sink.byte(fixedOf(5));
    sink.double(sum);
  }
  sink.byte(lengthOf(6));
  sink.varint(8 * buckets);
  sink.counts(counts, at, buckets);
  if (buckets > 1) {
    sink.byte(lengthOf(7));
    sink.varint(8 * bounds.length);
    sink.doubles(bounds);
  }
  writeExemplars(sink, lengthOf(8), extras?.exemplars);
  fields.attributes(header, types.histogram.attributes);
  fields.optional(fixedOf(11), extras?.min);
  fields.optional(fixedOf(12), extras?.max);
  if (extras?.gone) fields.noRecordedValue(types.histogram.flags);
  return fields.close(opened);
}
