/** The four kinds of points of metrics.proto, by their field numbers. */

import { fixedOf, lengthOf, noRecordedValue, varintOf } from '../../wire/protobuf-tags.ts';
import { content, fields, notCanonical, varint, wire } from '../../wire/varint.ts';
import { exponentialAt, histogramAt, metricType, numberAt, pointAt, summaryAt } from '../batch-index.ts';
import { mostBucketBytes } from './elements.ts';
import { fixedFields, other, type PointKind } from './point.ts';
import type { Reading } from './reading.ts';

const number: PointKind = {
  size: numberAt.size,
  // The offset of an integer is in `isInt` until `check`.
  fixed: fixedFields({ 4: numberAt.value, 6: numberAt.isInt }),
  attribute: lengthOf(7),
  exemplar: lengthOf(5),
  flags: varintOf(8),
  known: fields(2, 3, 4, 5, 6, 7, 8),
  field: () => other,
  check(reading) {
    const { index, length } = reading;
    const int = index[length + numberAt.isInt] as number;
    const double = index[length + numberAt.value] as number;
    // The last one of a `oneof` wins.
    index[length + numberAt.value] = Math.max(int, double);
    index[length + numberAt.isInt] = int > double ? 1 : 0;
    if (int === 0 && double === 0 && isRecorded(reading)) reading.refuse('a point has no value');
  },
};

const histogram: PointKind = {
  size: histogramAt.size,
  fixed: fixedFields({ 4: histogramAt.count, 5: histogramAt.sum, 11: histogramAt.min, 12: histogramAt.max }),
  attribute: lengthOf(9),
  exemplar: lengthOf(8),
  flags: varintOf(10),
  known: fields(2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
  field(reading, tag, at, to) {
    if (tag === lengthOf(6)) return numbers(reading, at, to, histogramAt.countsFrom);
    return tag === lengthOf(7) ? numbers(reading, at, to, histogramAt.boundsFrom) : other;
  },
  check(reading) {
    if (!isRecorded(reading)) return;
    const { index, length, view } = reading;
    const counts = ((index[length + histogramAt.countsTo] as number) - (index[length + histogramAt.countsFrom] as number)) / 8;
    const from = index[length + histogramAt.boundsFrom] as number;
    const to = index[length + histogramAt.boundsTo] as number;
    const bounds = (to - from) / 8;
    if (counts !== bounds + 1 && (counts !== 0 || bounds !== 0)) {
      reading.refuse(`a histogram has ${counts} bucket counts and ${bounds} bounds; want one count more than bounds, or neither`);
    }
    if (bounds === 0) return;
    if (counts > reading.buckets) {
      tooMany(reading, counts, 'buckets');
      return;
    }
    let before = view.getFloat64(from, true);
    let isAscending = !Number.isNaN(before);
    for (let at = from + 8; at < to; at += 8) {
      const bound = view.getFloat64(at, true);
      if (!(bound > before)) isAscending = false;
      before = bound;
    }
    if (!isAscending) reading.refuse('the bounds of a histogram do not ascend');
  },
};

const exponentialHistogram: PointKind = {
  size: exponentialAt.size,
  fixed: fixedFields({
    4: exponentialAt.count,
    5: exponentialAt.sum,
    7: exponentialAt.zeroCount,
    12: exponentialAt.min,
    13: exponentialAt.max,
    14: exponentialAt.zeroThreshold,
  }),
  attribute: lengthOf(1),
  exemplar: lengthOf(11),
  flags: varintOf(10),
  known: fields(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14),
  field(reading, tag, at, to) {
    if (tag === varintOf(6)) return signed(reading, at, to, exponentialAt.scale);
    if (tag === lengthOf(8)) return buckets(reading, at, to, exponentialAt.positiveOffset);
    return tag === lengthOf(9) ? buckets(reading, at, to, exponentialAt.negativeOffset) : other;
  },
  check: () => undefined,
};

const summary: PointKind = {
  size: summaryAt.size,
  fixed: fixedFields({ 4: summaryAt.count, 5: summaryAt.sum }),
  attribute: lengthOf(7),
  exemplar: -1,
  flags: varintOf(8),
  known: fields(2, 3, 4, 5, 6, 7, 8),
  field: (reading, tag, at, to) => (tag === lengthOf(6) ? quantiles(reading, at, to) : other),
  check: () => undefined,
};

function tooMany(reading: Reading, count: number, what: 'buckets' | 'quantiles'): void {
  reading.refuse(`got ${count} ${what} of a point; at most ${reading.buckets} (--max-buckets)`);
}

export function kindOf(type: number): PointKind {
  if (type === metricType.histogram) return histogram;
  if (type === metricType.exponentialHistogram) return exponentialHistogram;
  return type === metricType.summary ? summary : number;
}

function isRecorded({ index, length }: Reading): boolean {
  return ((index[length + pointAt.flags] as number) & noRecordedValue) === 0;
}

/** Packed numbers of eight bytes; their range goes into two columns. */
function numbers({ bytes, index, length }: Reading, at: number, to: number, column: number): number {
  const from = content(bytes, at + 1, to);
  if (from === notCanonical || (wire.end - from) % 8 !== 0 || index[length + column] !== 0) return notCanonical;
  index[length + column] = from;
  index[length + column + 1] = wire.end;
  return wire.end;
}

/** A `sint32` itself goes into a column. */
function signed(reading: Reading, at: number, to: number, column: number): number {
  const { bytes, index, length } = reading;
  reading.part(at);
  const next = varint(bytes, at + 1, to);
  index[length + column] = (wire.low >>> 1) ^ -(wire.low & 1);
  return next;
}

/** `Buckets`: offset and packed varints, in three columns. */
function buckets(reading: Reading, from: number, to: number, column: number): number {
  const { bytes, index, length } = reading;
  const start = content(bytes, from + 1, to);
  if (start === notCanonical || index[length + column + 1] !== 0) return notCanonical;
  const { end } = wire;
  // Of a message without counts, so that a second one is noticed.
  index[length + column + 1] = end;
  index[length + column + 2] = end;
  let hasCounts = false;
  for (let at = start; at < end; ) {
    const tag = bytes[at] as number;
    if (tag === varintOf(1)) at = signed(reading, at, end, column);
    else if (tag === lengthOf(2)) {
      if (hasCounts) return notCanonical;
      hasCounts = true;
      at = varints(reading, at, end, column + 1);
    } else at = reading.skip(at, end, bucketFields);
    if (at === notCanonical) return notCanonical;
  }
  return end;
}

function varints(reading: Reading, at: number, to: number, column: number): number {
  const { bytes, index, length } = reading;
  const from = content(bytes, at + 1, to);
  if (from === notCanonical) return notCanonical;
  const { end } = wire;
  if (end - from > mostBucketBytes) reading.tooManyParts(at);
  index[length + column] = from;
  index[length + column + 1] = end;
  let count = 0;
  for (let next = from; next < end; count++) {
    next = varint(bytes, next, end);
    if (next === notCanonical) return notCanonical;
  }
  if (count > reading.buckets) tooMany(reading, count, 'buckets');
  return end;
}

/** All quantiles that follow one another, from the first one's tag. */
function quantiles(reading: Reading, from: number, to: number): number {
  const { bytes, index, length } = reading;
  if (index[length + summaryAt.quantilesTo] !== 0) return notCanonical;
  let at = from;
  let count = 0;
  for (; at < to && bytes[at] === lengthOf(6); count++) {
    let inner = content(bytes, at + 1, to);
    if (inner === notCanonical) return notCanonical;
    reading.part(at);
    at = wire.end;
    while (inner < at) {
      const tag = bytes[inner] as number;
      if (tag === fixedOf(1) || tag === fixedOf(2)) inner += 9;
      else inner = reading.skip(inner, at, quantileFields);
      if (inner === notCanonical) return notCanonical;
    }
    if (inner !== at) return notCanonical;
  }
  if (count > reading.buckets) tooMany(reading, count, 'quantiles');
  index[length + summaryAt.quantilesFrom] = from;
  index[length + summaryAt.quantilesTo] = at;
  return at;
}

const bucketFields = fields(1, 2);
const quantileFields = fields(1, 2);
