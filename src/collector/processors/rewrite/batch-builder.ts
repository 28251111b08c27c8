/**
 * A new batch out of parts of another one: bytes and index at once, so that nothing is read or checked a second time. What stands in a batch was checked before.
 * Fields that OTLP does not have are left out, as in the Collector.
 */
import type { Batch } from '../../../otlp/batch.ts';
import { metricAt, metricType, pointAt, resourceAt, scopeAt } from '../../../otlp/batch-index.ts';
import { ByteSink } from '../../../otlp/byte-sink.ts';
import { dataPoint, lengthOf, varintOf } from '../../../otlp/protobuf-tags.ts';
import { viewOf } from '../../../series/received/same-bytes.ts';
import { metricPlaces, pointsOf, resourcePlaces, scopePlaces } from './places.ts';

/** Other attributes: `KeyValue` fields with their tags. */
export interface Attributes {
  readonly view: DataView;
  readonly from: number;
  readonly to: number;
}

/** A message that is open: where its content begins, and its record. */
export interface Open {
  readonly content: number;
  readonly record: number;
}

/** Lengths that are not known when a message begins have this many bytes: protobuf allows a varint to be longer than it needs to be. */
const lengthBytes = 4;
const longest = 2 ** 28;
/** What is kept from batch to batch: room for the bytes of most, and ints. */
const keptBytes = 2 ** 22;
const keptInts = 2 ** 20;
/** From here on `set` is faster than a loop. */
const bulk = 256;

/** A class, because every point goes through it. Its batch is valid until the next one begins. */
export class BatchBuilder {
  private readonly sink = new ByteSink();
  private index = new Int32Array(2 ** 12);
  private length = 0;
  private points = 0;
  private batch!: Batch;

  /** Points so far. */
  get size(): number {
    return this.points;
  }

  /** A new batch, of parts of this one. */
  begin(batch: Batch): void {
    this.clear();
    this.batch = batch;
  }

  /** From here on parts of another one, behind what there is. */
  goOn(batch: Batch): void {
    this.batch = batch;
  }

  clear(): void {
    if (this.sink.bytes.length > keptBytes) this.sink.clear();
    if (this.index.length > keptInts) this.index = new Int32Array(2 ** 12);
    this.sink.at = 0;
    this.length = 0;
    this.points = 0;
  }

  end(): Batch {
    const bytes = this.sink.bytes.subarray(0, this.sink.at);
    const { index, length, points } = this;
    return Object.freeze({ bytes, view: viewOf(bytes), index, length, points, rejected: 0, why: undefined });
  }

  /** @param attributes instead of its own */
  openResource(r: number, attributes: Attributes | undefined): Open {
    const { index } = this.batch;
    const open = this.open(lengthOf(1), resourceAt.size);
    const isThere = index[r + resourceAt.from] !== 0 || (attributes !== undefined && attributes.to > attributes.from);
    if (isThere) this.owner(r, resourceAt.size, resourcePlaces, resourceAt.attributesFrom, attributes);
    this.field(lengthOf(3), r + resourceAt.schemaUrlFrom, open.record + resourceAt.schemaUrlFrom);
    return open;
  }

  openScope(s: number): Open {
    const { index } = this.batch;
    const open = this.open(lengthOf(2), scopeAt.size);
    if (index[s + scopeAt.from] !== 0) this.owner(s, scopeAt.size, scopePlaces, scopeAt.attributesFrom, undefined);
    this.field(lengthOf(3), s + scopeAt.schemaUrlFrom, open.record + scopeAt.schemaUrlFrom);
    return open;
  }

  closeResource(open: Open): void {
    this.index[open.record + resourceAt.end] = this.length;
    this.close(open.content);
  }

  closeScope(open: Open): void {
    this.index[open.record + scopeAt.end] = this.length;
    this.close(open.content);
  }

  /** Takes back what was opened last, with all in it. */
  drop(open: Open): void {
    this.sink.at = open.content - 1 - lengthBytes;
    this.length = open.record;
  }

  /** A metric as it is, but for points that were rejected. */
  metric(m: number): void {
    const { index, rejected } = this.batch;
    if (rejected > 0 && index[m + metricAt.type] !== metricType.none)
      this.somePoints(m, m + metricAt.size, index[m + metricAt.end] as number);
    else this.wholeMetric(m);
  }

  /** A metric with its points from one place in the index to another. It has a type. */
  somePoints(m: number, first: number, end: number): void {
    const { index } = this.batch;
    const { places } = pointsOf(index[m + metricAt.type] as number);
    const stride = index[m + metricAt.stride] as number;
    const open = this.openMetric(m);
    for (let p = first; p < end; p += stride) this.samePoint(p, stride, places);
    this.closeMetric(open);
  }

  private wholeMetric(m: number): void {
    const { index } = this.batch;
    const from = index[m + metricAt.from] as number;
    const to = index[m + metricAt.to] as number;
    const { sink } = this;
    sink.reserve(to - from + 6);
    sink.byte(lengthOf(2));
    sink.varint(to - from);
    const shift = sink.at - from;
    this.copy(from, to);
    const record = this.length;
    this.record(m, metricAt.size, metricPlaces, to, shift, shift);
    const { places } = pointsOf(index[m + metricAt.type] as number);
    const stride = index[m + metricAt.stride] as number;
    for (let p = m + metricAt.size; p < (index[m + metricAt.end] as number); p += stride) {
      this.record(p, stride, places, to, shift, shift);
      this.points++;
    }
    this.index[record + metricAt.end] = this.length;
  }

  /** A metric whose points follow. It has a type. */
  openMetric(m: number): Open & { readonly data: number } {
    const { index } = this.batch;
    const open = this.open(lengthOf(2), metricAt.size);
    const { record } = open;
    for (const column of [metricAt.type, metricAt.temporality, metricAt.monotonic, metricAt.stride])
      this.index[record + column] = index[m + column] as number;
    this.field(lengthOf(1), m + metricAt.nameFrom, record + metricAt.nameFrom);
    this.field(lengthOf(2), m + metricAt.descriptionFrom, record + metricAt.descriptionFrom);
    this.field(lengthOf(3), m + metricAt.unitFrom, record + metricAt.unitFrom);
    const [metadata, metadataTo] = [index[m + metricAt.metadataFrom] as number, index[m + metricAt.metadataTo] as number];
    this.range(metadata, metadataTo, record + metricAt.metadataFrom);
    const { sink } = this;
    sink.reserve(2 + lengthBytes + 16);
    sink.byte(lengthOf(index[m + metricAt.type] as number));
    sink.at += lengthBytes;
    const data = sink.at;
    // A number that OTLP does not know may be negative.
    const temporality = (index[m + metricAt.temporality] as number) >>> 0;
    if (temporality !== 0) {
      sink.byte(varintOf(2));
      sink.varint(temporality);
    }
    if (index[m + metricAt.monotonic] === 1) {
      sink.byte(varintOf(3));
      sink.byte(1);
    }
    return { ...open, data };
  }

  closeMetric({ content, record, data }: Open & { readonly data: number }): void {
    this.close(data);
    this.index[record + metricAt.from] = content;
    this.index[record + metricAt.to] = this.sink.at;
    this.index[record + metricAt.end] = this.length;
    this.close(content);
  }

  /** A point of the open metric, with the bytes of `view` from `from` to `to` for its attributes. */
  point(p: number, stride: number, places: Uint8Array, view: DataView, from: number, to: number): void {
    const { index } = this.batch;
    const { sink } = this;
    const start = index[p + pointAt.from] as number;
    const end = index[p + pointAt.to] as number;
    const own = index[p + pointAt.attributesFrom] as number;
    // Where it has none, they come last.
    const cut = own === 0 ? end : own;
    const behind = own === 0 ? end : (index[p + pointAt.attributesTo] as number);
    const size = end - start - (behind - cut) + (to - from);
    sink.reserve(size + 6);
    sink.byte(dataPoint);
    sink.varint(size);
    const shift = sink.at - start;
    const { view: source } = this.batch;
    sink.copyFrom(source, start, cut);
    sink.copyFrom(view, from, to);
    if (behind < end) sink.copyFrom(source, behind, end);
    const { length } = this;
    this.record(p, stride, places, cut, shift, sink.at - end);
    this.index[length + pointAt.to] = sink.at;
    this.index[length + pointAt.attributesFrom] = to === from ? 0 : cut + shift;
    this.index[length + pointAt.attributesTo] = to === from ? 0 : cut + shift + to - from;
    this.points++;
  }

  private samePoint(p: number, stride: number, places: Uint8Array): void {
    const { index, view } = this.batch;
    this.point(p, stride, places, view, index[p + pointAt.attributesFrom] as number, index[p + pointAt.attributesTo] as number);
  }

  /** A resource's or a scope's message into the record that is open, which has the schema URL and the end last. */
  private owner(at: number, size: number, places: Uint8Array, attributesFrom: number, attributes: Attributes | undefined): void {
    const { index, view } = this.batch;
    const { sink } = this;
    const record = this.length - size;
    const [start, end] = [index[at] as number, index[at + 1] as number];
    const own = index[at + attributesFrom] as number;
    const cut = own === 0 ? end : own;
    const behind = own === 0 ? end : (index[at + attributesFrom + 1] as number);
    const other = attributes ?? { view, from: cut, to: behind };
    const added = other.to - other.from;
    const content = end - start - (behind - cut) + added;
    sink.reserve(content + 6);
    sink.byte(lengthOf(1));
    sink.varint(content);
    const shift = sink.at - start;
    sink.copyFrom(view, start, cut);
    sink.copyFrom(other.view, other.from, other.to);
    sink.copyFrom(view, behind, end);
    this.length = record;
    this.record(at, size, places, cut, shift, sink.at - end);
    this.index[record] = start + shift;
    this.index[record + 1] = sink.at;
    this.index[record + attributesFrom] = added === 0 ? 0 : cut + shift;
    this.index[record + attributesFrom + 1] = added === 0 ? 0 : cut + shift + added;
    // The schema URL and the end are not known yet.
    this.index.fill(0, record + size - 3, record + size);
  }

  /** A record whose places move: up to `cut` by one distance, behind it by another. */
  private record(at: number, size: number, places: Uint8Array, cut: number, head: number, tail: number): void {
    this.room(size);
    const { index, length } = this;
    const { index: from } = this.batch;
    for (let column = 0; column < size; column++) {
      const value = from[at + column] as number;
      index[length + column] = value === 0 || places[column] === 0 ? value : value + (value <= cut ? head : tail);
    }
    this.length = length + size;
  }

  private open(tag: number, size: number): Open {
    const { sink } = this;
    this.room(size);
    const record = this.length;
    this.index.fill(0, record, record + size);
    this.length += size;
    sink.reserve(1 + lengthBytes);
    sink.byte(tag);
    sink.at += lengthBytes;
    return { content: sink.at, record };
  }

  private close(content: number): void {
    const { bytes, at } = this.sink;
    const length = at - content;
    if (length >= longest) throw new RangeError(`a message of ${length} bytes is too long`);
    bytes[content - 4] = (length & 127) | 128;
    bytes[content - 3] = ((length >> 7) & 127) | 128;
    bytes[content - 2] = ((length >> 14) & 127) | 128;
    bytes[content - 1] = length >> 21;
  }

  /** A string whose range begins in a column of the batch's index. */
  private field(tag: number, column: number, record: number): void {
    const { index } = this.batch;
    const [from, to] = [index[column] as number, index[column + 1] as number];
    if (from === to) return;
    this.sink.reserve(to - from + 6);
    this.sink.byte(tag);
    this.sink.varint(to - from);
    this.range(from, to, record);
  }

  private range(from: number, to: number, record: number): void {
    if (from === to) return;
    this.index[record] = this.sink.at;
    this.copy(from, to);
    this.index[record + 1] = this.sink.at;
  }

  private copy(from: number, to: number): void {
    const { sink } = this;
    sink.reserve(to - from);
    if (to - from < bulk) sink.copyFrom(this.batch.view, from, to);
    else {
      sink.bytes.set(this.batch.bytes.subarray(from, to), sink.at);
      sink.at += to - from;
    }
  }

  private room(size: number): void {
    if (this.length + size <= this.index.length) return;
    const larger = new Int32Array(Math.max(this.index.length * 2, this.length + size));
    larger.set(this.index.subarray(0, this.length));
    this.index = larger;
  }
}
