/**
 * `ExportMetricsServiceRequest` as protobuf, bytes to bytes. Fields in the order of OpenTelemetry JS, so that the two can be
 * compared.
 */
import { ByteSink } from '../wire/byte-sink.ts';
import { lengthOf, temporalities, types, varintOf } from '../wire/protobuf-tags.ts';
import type { MetricHead, PointHeader, ResourceHead, ScopeHead } from './metrics-writer.ts';
import { PointFields, timesSize, writeAttributes } from './points/point-fields.ts';

/** Bytes that the length of what holds thousands of points usually takes. */
const lengthRoom = 3;

/** Parts are opened from the outside in and closed from the inside out; points are written to `fields`, between them. */
export class ProtobufEncoder {
  private readonly sink = new ByteSink();
  readonly fields = new PointFields(this.sink);
  /** Where the parts that are open began. */
  private resourceAt = 0;
  private scopeAt = 0;
  private metricAt = 0;
  private dataAt = 0;
  private type: (typeof types)[MetricHead['type']] = types.gauge;

  openResource({ attributes }: ResourceHead): void {
    const { sink } = this;
    this.resourceAt = sink.open(lengthOf(1), lengthRoom);
    const opened = sink.open(lengthOf(1));
    sink.reserve(attributes.length);
    writeAttributes(sink, attributes, 0, attributes.length, lengthOf(1));
    sink.close(opened);
  }

  closeResource(): void {
    this.sink.close(this.resourceAt, lengthRoom);
  }

  openScope({ name, version }: ScopeHead): void {
    const { sink } = this;
    this.scopeAt = sink.open(lengthOf(2), lengthRoom);
    const opened = sink.open(lengthOf(1));
    sink.text(lengthOf(1), name);
    if (version !== undefined && version !== '') sink.text(lengthOf(2), version);
    sink.close(opened);
  }

  closeScope(schemaUrl: string | undefined): void {
    if (schemaUrl !== undefined && schemaUrl !== '') this.sink.text(lengthOf(3), schemaUrl);
    this.sink.close(this.scopeAt, lengthRoom);
  }

  openMetric({ name, description, unit, type }: MetricHead): void {
    const { sink } = this;
    this.type = types[type];
    this.metricAt = sink.open(lengthOf(2), lengthRoom);
    sink.text(lengthOf(1), name);
    if (description !== '') sink.text(lengthOf(2), description);
    if (unit !== '') sink.text(lengthOf(3), unit);
    this.dataAt = sink.open(this.type.data, lengthRoom);
  }

  closeMetric({ type, temporality, monotonic }: MetricHead): void {
    const { sink } = this;
    sink.reserve(4);
    if (type !== 'gauge' && type !== 'summary') {
      sink.byte(varintOf(2));
      sink.byte(temporalities[temporality]);
    }
    if (type === 'sum' && monotonic) {
      sink.byte(varintOf(3));
      sink.byte(1);
    }
    sink.close(this.dataAt, lengthRoom);
    sink.close(this.metricAt, lengthRoom);
  }

  /** A point of the open metric's type. Returns the size of the request so far. */
  noRecordedValue(header: PointHeader): number {
    const { fields, sink, type } = this;
    fields.begin(header, timesSize + 2 + header.to - header.from);
    fields.attributes(header, type.attributes);
    fields.noRecordedValue(type.flags);
    return sink.at;
  }

  /** The request, the caller's, and a fresh start. */
  finish(): Uint8Array {
    return this.sink.take();
  }

  /** Takes the memory of a request that the caller does not need any more. */
  reuse(request: Uint8Array): void {
    this.sink.reuse(request);
  }

  /** A fresh start, whatever is open; little memory is held. */
  clear(): void {
    this.sink.clear();
  }
}
