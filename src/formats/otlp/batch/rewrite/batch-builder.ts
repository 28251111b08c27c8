/**
 * A new batch out of parts of another one: bytes and index at once, so that nothing is read or checked a second time. What is in
 * a batch was checked before. Fields that OTLP does not have are left out, as in the Collector.
 */

import { dataPoint, lengthOf, varintOf } from '../../wire/protobuf-tags.ts';
import { viewOf } from '../../wire/same-bytes.ts';
import type { Batch } from '../batch.ts';
import { metricAt, metricType, pointAt, resourceAt, scopeAt } from '../batch-index.ts';
import { metricOffsets, pointLayoutOf, resourceOffsets, scopeOffsets } from './offset-columns.ts';
import { lengthBytes, type Open, Output } from './output.ts';

/** Other attributes: `KeyValue` fields with their tags. */
export interface Attributes {
  readonly view: DataView;
  readonly from: number;
  readonly to: number;
}

/** A class, because every point goes through it. Its batch is valid until it is cleared. */
export class BatchBuilder {
  private readonly out = new Output();
  private points = 0;

  /** Points so far. */
  get size(): number {
    return this.points;
  }

  /** Bytes of its buffers. */
  get bytes(): number {
    return this.out.sink.bytes.length + this.out.index.byteLength;
  }

  /** From here on parts of this one, behind what there is. */
  goOn(batch: Batch): void {
    this.out.source = batch;
  }

  clear(): void {
    this.out.clear();
    this.points = 0;
  }

  /** Calls a function that writes. Where it throws, what it wrote is taken back. */
  whole(write: () => void): void {
    const { sink, length } = this.out;
    const { at } = sink;
    const { points } = this;
    try {
      write();
    } catch (error) {
      sink.at = at;
      this.out.length = length;
      this.points = points;
      throw error;
    }
  }

  end(): Batch {
    const { sink, index, length } = this.out;
    const bytes = sink.bytes.subarray(0, sink.at);
    return Object.freeze({
      bytes,
      view: viewOf(bytes),
      index,
      length,
      points: this.points,
      rejected: 0,
      why: undefined,
    });
  }

  /** @param attributes instead of its own */
  openResource(r: number, attributes: Attributes | undefined): Open {
    const { index } = this.out.source;
    const open = this.out.open(lengthOf(1), resourceAt.size);
    const isThere = index[r + resourceAt.from] !== 0 || (attributes !== undefined && attributes.to > attributes.from);
    if (isThere) this.owner(r, resourceAt.size, resourceOffsets, resourceAt.attributesFrom, attributes);
    this.out.field(lengthOf(3), r + resourceAt.schemaUrlFrom, open.record + resourceAt.schemaUrlFrom);
    return open;
  }

  openScope(s: number): Open {
    const { index } = this.out.source;
    const open = this.out.open(lengthOf(2), scopeAt.size);
    if (index[s + scopeAt.from] !== 0) this.owner(s, scopeAt.size, scopeOffsets, scopeAt.attributesFrom, undefined);
    this.out.field(lengthOf(3), s + scopeAt.schemaUrlFrom, open.record + scopeAt.schemaUrlFrom);
    return open;
  }

  closeResource(open: Open): void {
    this.out.index[open.record + resourceAt.end] = this.out.length;
    this.out.close(open.content);
  }

  closeScope(open: Open): void {
    this.out.index[open.record + scopeAt.end] = this.out.length;
    this.out.close(open.content);
  }

  /** Takes back what was opened last, with all in it. */
  drop(open: Open): void {
    this.out.sink.at = open.content - 1 - lengthBytes;
    this.out.length = open.record;
  }

  /** A metric as it is, but for points that were rejected. */
  metric(m: number): void {
    const { index, rejected } = this.out.source;
    if (rejected > 0 && index[m + metricAt.type] !== metricType.none)
      this.somePoints(m, m + metricAt.size, index[m + metricAt.end] as number);
    else this.wholeMetric(m);
  }

  /** A metric with its points from one offset in the index to another. It has a type. */
  somePoints(m: number, first: number, end: number): void {
    const { index } = this.out.source;
    const { places: offsets } = pointLayoutOf(index[m + metricAt.type] as number);
    const stride = index[m + metricAt.stride] as number;
    const open = this.openMetric(m);
    for (let p = first; p < end; p += stride) this.samePoint(p, stride, offsets);
    this.closeMetric(open);
  }

  private wholeMetric(m: number): void {
    const { index } = this.out.source;
    const from = index[m + metricAt.from] as number;
    const to = index[m + metricAt.to] as number;
    const { sink } = this.out;
    sink.reserve(to - from + 6);
    sink.byte(lengthOf(2));
    sink.varint(to - from);
    const shift = sink.at - from;
    this.out.copy(from, to);
    const record = this.out.length;
    this.out.record(m, metricAt.size, metricOffsets, to, shift, shift);
    const { places: offsets } = pointLayoutOf(index[m + metricAt.type] as number);
    const stride = index[m + metricAt.stride] as number;
    for (let p = m + metricAt.size; p < (index[m + metricAt.end] as number); p += stride) {
      this.out.record(p, stride, offsets, to, shift, shift);
      this.points++;
    }
    this.out.index[record + metricAt.end] = this.out.length;
  }

  /** A metric whose points follow. It has a type. */
  openMetric(m: number): Open & { readonly data: number } {
    const { index } = this.out.source;
    const open = this.out.open(lengthOf(2), metricAt.size);
    const { record } = open;
    for (const column of [metricAt.type, metricAt.temporality, metricAt.monotonic, metricAt.stride])
      this.out.index[record + column] = index[m + column] as number;
    this.out.field(lengthOf(1), m + metricAt.nameFrom, record + metricAt.nameFrom);
    this.out.field(lengthOf(2), m + metricAt.descriptionFrom, record + metricAt.descriptionFrom);
    this.out.field(lengthOf(3), m + metricAt.unitFrom, record + metricAt.unitFrom);
    const [metadata, metadataTo] = [index[m + metricAt.metadataFrom] as number, index[m + metricAt.metadataTo] as number];
    this.out.range(metadata, metadataTo, record + metricAt.metadataFrom);
    const { sink } = this.out;
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
    this.out.close(data);
    this.out.index[record + metricAt.from] = content;
    this.out.index[record + metricAt.to] = this.out.sink.at;
    this.out.index[record + metricAt.end] = this.out.length;
    this.out.close(content);
  }

  /** A point of the open metric, with the bytes of `view` from `from` to `to` for its attributes. */
  point(p: number, stride: number, offsets: Uint8Array, view: DataView, from: number, to: number): void {
    const { index } = this.out.source;
    const { sink } = this.out;
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
    const { view: source } = this.out.source;
    sink.copyFrom(source, start, cut);
    sink.copyFrom(view, from, to);
    if (behind < end) sink.copyFrom(source, behind, end);
    const { length } = this.out;
    this.out.record(p, stride, offsets, cut, shift, sink.at - end);
    this.out.index[length + pointAt.to] = sink.at;
    this.out.index[length + pointAt.attributesFrom] = to === from ? 0 : cut + shift;
    this.out.index[length + pointAt.attributesTo] = to === from ? 0 : cut + shift + to - from;
    this.points++;
  }

  private samePoint(p: number, stride: number, offsets: Uint8Array): void {
    const { index, view } = this.out.source;
    this.point(p, stride, offsets, view, index[p + pointAt.attributesFrom] as number, index[p + pointAt.attributesTo] as number);
  }

  /** A resource's or a scope's message into the record that is open, which has the schema URL and the end last. */
  private owner(at: number, size: number, offsets: Uint8Array, attributesFrom: number, attributes: Attributes | undefined): void {
    const { index, view } = this.out.source;
    const { sink } = this.out;
    const record = this.out.length - size;
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
    this.out.length = record;
    this.out.record(at, size, offsets, cut, shift, sink.at - end);
    this.out.index[record] = start + shift;
    this.out.index[record + 1] = sink.at;
    this.out.index[record + attributesFrom] = added === 0 ? 0 : cut + shift;
    this.out.index[record + attributesFrom + 1] = added === 0 ? 0 : cut + shift + added;
    // The schema URL and the end are not known yet.
    this.out.index.fill(0, record + size - 3, record + size);
  }
}
