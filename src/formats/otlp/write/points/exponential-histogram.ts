/** `ExponentialHistogramDataPoint`. */
import type { ByteSink } from '../../wire/byte-sink.ts';
import { fixedOf, lengthOf, types, varintOf } from '../../wire/protobuf-tags.ts';
import type { ExponentialBuckets, ExponentialHistogram, HistogramExtras, PointHeader } from '../metrics-writer.ts';
import { writeExemplars } from './exemplars.ts';
import type { PointFields } from './point-fields.ts';

export function writeExponentialHistogram(
  fields: PointFields,
  header: PointHeader,
  point: ExponentialHistogram,
  extras: HistogramExtras | undefined,
): number {
  const { sink } = fields;
  const opened = fields.open();
  fields.attributes(header, types.exponentialHistogram.attributes);
  sink.reserve(64);
  fields.times(header);
  sink.byte(fixedOf(4));
  sink.count(point.count);
  fields.optional(fixedOf(5), point.sum);
  sink.reserve(16);
  if (point.scale !== 0) {
    sink.byte(varintOf(6));
    sink.varint(zigzag(point.scale));
  }
  sink.byte(fixedOf(7));
  sink.count(point.zeroCount);
  writeBuckets(sink, lengthOf(8), point.positive);
  writeBuckets(sink, lengthOf(9), point.negative);
  writeExemplars(sink, lengthOf(11), extras?.exemplars);
  fields.optional(fixedOf(12), extras?.min);
  fields.optional(fixedOf(13), extras?.max);
  fields.optional(fixedOf(14), point.zeroThreshold);
  return fields.close(opened);
}

function writeBuckets(sink: ByteSink, tag: number, { offset, counts }: ExponentialBuckets): void {
  const opened = sink.open(tag);
  sink.reserve(16 + 8 * counts.length);
  if (offset !== 0) {
    sink.byte(varintOf(1));
    sink.varint(zigzag(offset));
  }
  if (counts.length > 0) {
    const packed = sink.open(lengthOf(2));
    for (let index = 0; index < counts.length; index++) sink.varint(counts[index] as number);
    sink.close(packed);
  }
  sink.close(opened);
}

/** `sint32`: the sign goes to the lowest bit. */
function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}
