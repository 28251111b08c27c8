/** `ExportMetricsServiceRequest` as protobuf, bytes to bytes. Fields in the order of OpenTelemetry JS, so that the two can be compared. */
import { ByteSink } from '../wire/byte-sink.ts';
import { canonicalTag, dataPoint, fixedOf, lengthOf, noRecordedValue, temporalities, types, varintOf } from '../wire/protobuf-tags.ts';
import type {
  Encoder,
  Exemplar,
  ExponentialBuckets,
  ExponentialHistogram,
  HistogramExtras,
  MetricHead,
  PointPlace,
  Quantile,
  ResourceHead,
  ScopeHead,
} from './metrics-writer.ts';
import { setNanos } from './nanos.ts';

/** Tag and value of start and time. */
const timesSize = 18;
/** Bytes that lengths usually take: of what holds thousands of points, and of a point. */
const lengthRoom = { level: 3, point: 2 } as const;
/** All of a histogram's point but buckets, bounds and attributes, lengths included. */
const histogramRoom = 64;

export function createProtobufEncoder(): Encoder {
  const sink = new ByteSink();
  const start = { ms: Number.NaN, low: 0, high: 0 };
  const time = { ms: Number.NaN, low: 0, high: 0 };
  let resourceAt = 0;
  let scopeAt = 0;
  let metricAt = 0;
  let dataAt = 0;
  let type: (typeof types)[MetricHead['type']] = types.gauge;

  /** Most points of a push share their times, so the nanoseconds are kept. */
  function times(place: PointPlace): void {
    if (place.startMs !== start.ms) {
      start.ms = place.startMs;
      setNanos(start, start.ms);
    }
    if (place.timeMs !== time.ms) {
      time.ms = place.timeMs;
      setNanos(time, time.ms);
    }
    const { view, at } = sink;
    view.setUint8(at, fixedOf(2));
    view.setUint32(at + 1, start.low, true);
    view.setUint32(at + 5, start.high, true);
    view.setUint8(at + 9, fixedOf(3));
    view.setUint32(at + 10, time.low, true);
    view.setUint32(at + 14, time.high, true);
    sink.at = at + timesSize;
  }

  /** A point of so many bytes, as far as its times. */
  function begin(place: PointPlace, size: number): void {
    sink.reserve(size + 9);
    const { view, at } = sink;
    view.setUint8(at, dataPoint);
    if (size < 128) {
      view.setUint8(at + 1, size);
      sink.at = at + 2;
    } else {
      sink.at = at + 1;
      sink.varint(size);
    }
    times(place);
  }

  /** Copies pairs and writes the tag of this message's attributes over theirs. */
  function attributes(bytes: Uint8Array, from: number, to: number, tag: number): void {
    const began = sink.at;
    sink.copy(bytes, from, to);
    if (tag === canonicalTag) return;
    for (let at = began; at < sink.at; ) {
      sink.bytes[at++] = tag;
      let length = 0;
      for (let factor = 1; ; factor *= 128) {
        const byte = sink.bytes[at++] as number;
        length += (byte & 127) * factor;
        if (byte < 128) break;
      }
      at += length;
    }
  }

  function placed(place: PointPlace): void {
    attributes(place.attributes, place.from, place.to, type.attributes);
  }

  function optional(tag: number, value: number | undefined): void {
    if (value === undefined) return;
    sink.reserve(9);
    sink.byte(tag);
    sink.double(value);
  }

  function exemplar(tag: number, { value, timeMs, traceId, spanId, filteredAttributes }: Exemplar): void {
    const opened = sink.open(tag);
    sink.reserve(64 + (filteredAttributes?.length ?? 0));
    setNanos(time, timeMs);
    time.ms = timeMs;
    sink.byte(fixedOf(2));
    sink.fixed64(time.low, time.high);
    sink.byte(fixedOf(3));
    sink.double(value);
    for (const [field, hex] of [
      [lengthOf(4), spanId],
      [lengthOf(5), traceId],
    ] as const) {
      if (hex === undefined) continue;
      const id = Buffer.from(hex, 'hex');
      sink.byte(field);
      sink.varint(id.length);
      sink.copy(id, 0, id.length);
    }
    if (filteredAttributes !== undefined) attributes(filteredAttributes, 0, filteredAttributes.length, lengthOf(7));
    sink.close(opened);
  }

  function exponentialBuckets(tag: number, { offset, counts }: ExponentialBuckets): void {
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

  return {
    openResource({ attributes: own }: ResourceHead) {
      resourceAt = sink.open(lengthOf(1), lengthRoom.level);
      const opened = sink.open(lengthOf(1));
      sink.reserve(own.length);
      attributes(own, 0, own.length, lengthOf(1));
      sink.close(opened);
    },
    closeResource: () => void sink.close(resourceAt, lengthRoom.level),
    openScope({ name, version }: ScopeHead) {
      scopeAt = sink.open(lengthOf(2), lengthRoom.level);
      const opened = sink.open(lengthOf(1));
      sink.text(lengthOf(1), name);
      if (version !== undefined && version !== '') sink.text(lengthOf(2), version);
      sink.close(opened);
    },
    closeScope(schemaUrl) {
      if (schemaUrl !== undefined && schemaUrl !== '') sink.text(lengthOf(3), schemaUrl);
      sink.close(scopeAt, lengthRoom.level);
    },
    openMetric({ name, description, unit, type: called }: MetricHead) {
      type = types[called];
      metricAt = sink.open(lengthOf(2), lengthRoom.level);
      sink.text(lengthOf(1), name);
      if (description !== '') sink.text(lengthOf(2), description);
      if (unit !== '') sink.text(lengthOf(3), unit);
      dataAt = sink.open(type.data, lengthRoom.level);
    },
    closeMetric({ type: called, temporality, monotonic }: MetricHead) {
      sink.reserve(4);
      if (called !== 'gauge' && called !== 'summary') {
        sink.byte(varintOf(2));
        sink.byte(temporalities[temporality]);
      }
      if (called === 'sum' && monotonic) {
        sink.byte(varintOf(3));
        sink.byte(1);
      }
      sink.close(dataAt, lengthRoom.level);
      sink.close(metricAt, lengthRoom.level);
    },
    finish: () => sink.take(),
    reuse: (request) => sink.reuse(request),
    clear: () => sink.clear(),

    number(place, value, exemplars) {
      if (exemplars !== undefined) return numberWith(place, value, exemplars);
      const { attributes: bytes, from, to } = place;
      begin(place, timesSize + 9 + to - from);
      const { view, at } = sink;
      view.setUint8(at, fixedOf(4));
      view.setFloat64(at + 1, value, true);
      sink.at = at + 9;
      return sink.copy(bytes, from, to);
    },
    histogram(place, bounds, counts, at, sum, extras) {
      const opened = sink.open(dataPoint, lengthRoom.point);
      const buckets = bounds.length + 1;
      sink.reserve(histogramRoom + 16 * buckets + place.to - place.from);
      times(place);
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
      for (let index = 0; index < buckets; index++) sink.count(counts[at + index] as number);
      if (buckets > 1) {
        sink.byte(lengthOf(7));
        sink.varint(8 * bounds.length);
        for (let index = 0; index < bounds.length; index++) sink.double(bounds[index] as number);
      }
      for (const one of extras?.exemplars ?? []) exemplar(lengthOf(8), one);
      sink.reserve(place.to - place.from);
      placed(place);
      optional(fixedOf(11), extras?.min);
      optional(fixedOf(12), extras?.max);
      if (extras?.gone) flagGone();
      return sink.close(opened, lengthRoom.point);
    },
    exponentialHistogram(place, point: ExponentialHistogram, extras: HistogramExtras = {}) {
      const opened = sink.open(dataPoint, lengthRoom.point);
      sink.reserve(64 + place.to - place.from);
      placed(place);
      times(place);
      sink.byte(fixedOf(4));
      sink.count(point.count);
      optional(fixedOf(5), point.sum);
      sink.reserve(16);
      if (point.scale !== 0) {
        sink.byte(varintOf(6));
        sink.varint(zigzag(point.scale));
      }
      sink.byte(fixedOf(7));
      sink.count(point.zeroCount);
      exponentialBuckets(lengthOf(8), point.positive);
      exponentialBuckets(lengthOf(9), point.negative);
      for (const one of extras.exemplars ?? []) exemplar(lengthOf(11), one);
      optional(fixedOf(12), extras.min);
      optional(fixedOf(13), extras.max);
      optional(fixedOf(14), point.zeroThreshold);
      return sink.close(opened, lengthRoom.point);
    },
    summary(place, count, sum, quantiles: readonly Quantile[] = []) {
      const opened = sink.open(dataPoint, lengthRoom.point);
      sink.reserve(48 + 20 * quantiles.length + place.to - place.from);
      times(place);
      sink.byte(fixedOf(4));
      sink.count(count);
      sink.byte(fixedOf(5));
      sink.double(sum);
      for (const { quantile, value } of quantiles) {
        sink.byte(lengthOf(6));
        sink.byte(18);
        sink.byte(fixedOf(1));
        sink.double(quantile);
        sink.byte(fixedOf(2));
        sink.double(value);
      }
      placed(place);
      return sink.close(opened, lengthRoom.point);
    },
    noRecordedValue(place) {
      const size = timesSize + 2 + place.to - place.from;
      sink.reserve(size + 9);
      sink.byte(dataPoint);
      sink.varint(size);
      times(place);
      placed(place);
      flagGone();
      return sink.at;
    },
  };

  function flagGone(): void {
    sink.reserve(2);
    sink.byte(type.flags);
    sink.byte(noRecordedValue);
  }

  /** A point with exemplars is rare enough to be measured by writing it. */
  function numberWith(place: PointPlace, value: number, exemplars: readonly Exemplar[]): number {
    const opened = sink.open(dataPoint, lengthRoom.point);
    sink.reserve(timesSize + 9);
    times(place);
    sink.byte(fixedOf(4));
    sink.double(value);
    for (const one of exemplars) exemplar(lengthOf(5), one);
    sink.reserve(place.to - place.from);
    placed(place);
    return sink.close(opened, lengthRoom.point);
  }
}

/** `sint32`: the sign goes to the lowest bit. */
function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}
