/** Writes streams as an OTLP request: resources, scopes and metrics as they came, byte by byte. */
import { ByteSink } from '../../../formats/otlp/wire/byte-sink.ts';
import { lengthOf, temporalities, types, varintOf } from '../../../formats/otlp/wire/protobuf-tags.ts';
import { PointFields } from '../../../formats/otlp/write/points/point-fields.ts';
import { typeNames } from '../resources/new-nodes.ts';
import { keyStart } from '../resources/node-key.ts';
import type { NodeTable } from '../resources/node-table.ts';
import type { KnownMetric, KnownResource, KnownScope } from '../resources/nodes.ts';

const tag = {
  /** Of the request, and within each. */
  resource: lengthOf(1),
  scopes: lengthOf(2),
  scope: lengthOf(1),
  metrics: lengthOf(2),
  schemaUrl: lengthOf(3),
  name: lengthOf(1),
  description: lengthOf(2),
  unit: lengthOf(3),
  temporality: varintOf(2),
  monotonic: varintOf(3),
} as const;
/** Bytes of a length that is not known yet: most are below 2 MiB, and above 16 KiB. */
const lengthRoom = 3;

export class RequestWriter {
  readonly sink = new ByteSink();
  readonly fields = new PointFields(this.sink);
  private readonly table: NodeTable;
  private resource: KnownResource | undefined;
  private scope: KnownScope | undefined;
  private metric: KnownMetric | undefined;
  private readonly opened = { resource: 0, scope: 0, metric: 0, data: 0 };

  constructor(table: NodeTable) {
    this.table = table;
  }

  /** What follows is the metric's. */
  begin(metric: KnownMetric): void {
    if (this.metric === metric) return;
    const { scope } = metric;
    this.endMetric();
    if (this.scope !== scope) this.endScope();
    if (this.resource !== scope.resource) this.endResource();
    if (this.resource === undefined) this.openResource(scope.resource);
    if (this.scope === undefined) this.openScope(scope);
    this.openMetric(metric);
  }

  get size(): number {
    return this.sink.at;
  }

  /** What was written. */
  take(): Uint8Array {
    this.endMetric();
    this.endScope();
    this.endResource();
    return this.sink.take();
  }

  private bytes(field: number, bytes: Uint8Array): void {
    const { sink } = this;
    if (bytes.length === 0) return;
    sink.reserve(bytes.length + 8);
    sink.byte(field);
    sink.varint(bytes.length);
    sink.copy(bytes, 0, bytes.length);
  }

  private openResource(resource: KnownResource): void {
    this.opened.resource = this.sink.open(tag.resource, lengthRoom);
    this.bytes(tag.resource, this.table.key(resource.number));
    this.resource = resource;
  }

  private openScope(scope: KnownScope): void {
    this.opened.scope = this.sink.open(tag.scopes, lengthRoom);
    this.bytes(tag.scope, this.table.key(scope.number).subarray(keyStart.scope, keyStart.scope + scope.scopeLength));
    this.scope = scope;
  }

  private openMetric(metric: KnownMetric): void {
    const { sink, opened } = this;
    const key = this.table.key(metric.number);
    const unit = keyStart.metric + metric.nameLength;
    const metadata = unit + metric.unitLength;
    opened.metric = sink.open(tag.metrics, lengthRoom);
    this.bytes(tag.name, key.subarray(keyStart.metric, unit));
    sink.text(tag.description, metric.group.claimed.help);
    this.bytes(tag.unit, key.subarray(unit, metadata));
    // Each has its tag already.
    sink.reserve(key.length - metadata);
    sink.copy(key, metadata, key.length);
    opened.data = sink.open(types[typeNames[metric.typeNumber] as keyof typeof types].data, lengthRoom);
    this.metric = metric;
  }

  private endMetric(): void {
    const { sink, metric, opened } = this;
    if (metric === undefined) return;
    const type = typeNames[metric.typeNumber];
    sink.reserve(4);
    if (type !== 'gauge' && type !== 'summary') {
      sink.byte(tag.temporality);
      sink.byte(metric.rule === 'delta' ? temporalities.delta : temporalities.cumulative);
    }
    if (type === 'sum' && metric.monotonic === 1) {
      sink.byte(tag.monotonic);
      sink.byte(1);
    }
    sink.close(opened.data, lengthRoom);
    sink.close(opened.metric, lengthRoom);
    this.metric = undefined;
  }

  private endScope(): void {
    const { scope } = this;
    if (scope === undefined) return;
    this.bytes(tag.schemaUrl, this.table.key(scope.number).subarray(keyStart.scope + scope.scopeLength));
    this.sink.close(this.opened.scope, lengthRoom);
    this.scope = undefined;
  }

  private endResource(): void {
    if (this.resource === undefined) return;
    this.sink.close(this.opened.resource, lengthRoom);
    this.resource = undefined;
  }
}
