/** What points of all types have: their length, times, attributes and flags. */
import type { ByteSink } from '../../wire/byte-sink.ts';
import { setNanos } from '../../wire/nanos.ts';
import { canonicalTag, dataPoint, fixedOf, noRecordedValue } from '../../wire/protobuf-tags.ts';
import type { PointHeader } from '../metrics-writer.ts';

/** Tag and value of start and time, and where the values are in them. */
export const timesSize = 18;
const startAt = 1;
const timeAt = 10;
/** Bytes that the length of a point usually takes. */
const lengthRoom = 2;

/** A class, because every point of a push goes through it. */
export class PointFields {
  readonly sink: ByteSink;
  /** Most points of a push share their times, so what was written last is kept. */
  private readonly written = new DataView(new ArrayBuffer(timesSize));
  private startMs = Number.NaN;
  private timeMs = Number.NaN;

  constructor(sink: ByteSink) {
    this.sink = sink;
    this.written.setUint8(startAt - 1, fixedOf(2));
    this.written.setUint8(timeAt - 1, fixedOf(3));
  }

  /** A point of so many bytes, as far as its times. */
  begin(header: PointHeader, size: number): void {
    const { sink } = this;
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
    this.times(header);
  }

  /** A point whose size is not known yet: pass what it returns to `close`. */
  open(): number {
    return this.sink.open(dataPoint, lengthRoom);
  }

  /** Returns the size of the request so far. */
  close(opened: number): number {
    return this.sink.close(opened, lengthRoom);
  }

  times({ startMs, timeMs }: PointHeader): void {
    const { sink, written } = this;
    if (startMs !== this.startMs) {
      this.startMs = startMs;
      putNanos(written, startAt, startMs);
    }
    if (timeMs !== this.timeMs) {
      this.timeMs = timeMs;
      putNanos(written, timeAt, timeMs);
    }
    const { view, at } = sink;
    view.setBigUint64(at, written.getBigUint64(0));
    view.setBigUint64(at + 8, written.getBigUint64(8));
    view.setUint16(at + 16, written.getUint16(16));
    sink.at = at + timesSize;
  }

  /** Its attributes, under the tag that they have in its message. */
  attributes({ attributes, from, to }: PointHeader, tag: number): void {
    this.sink.reserve(to - from);
    writeAttributes(this.sink, attributes, from, to, tag);
  }

  optional(tag: number, value: number | undefined): void {
    if (value === undefined) return;
    this.sink.reserve(9);
    this.sink.byte(tag);
    this.sink.double(value);
  }

  noRecordedValue(tag: number): void {
    this.sink.reserve(2);
    this.sink.byte(tag);
    this.sink.byte(noRecordedValue);
  }
}

const nanos = { low: 0, high: 0 };

function putNanos(view: DataView, at: number, ms: number): void {
  setNanos(nanos, ms);
  view.setUint32(at, nanos.low, true);
  view.setUint32(at + 4, nanos.high, true);
}

/** Copies pairs and writes the tag of this message's attributes over theirs; reserve their length first. */
export function writeAttributes(sink: ByteSink, attributes: Uint8Array, from: number, to: number, tag: number): void {
  const began = sink.at;
  sink.copy(attributes, from, to);
  if (tag === canonicalTag) return;
  const { bytes } = sink;
  for (let at = began; at < sink.at; ) {
    bytes[at++] = tag;
    let length = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++] as number;
      length += (byte & 127) * factor;
      if (byte < 128) break;
    }
    at += length;
  }
}
