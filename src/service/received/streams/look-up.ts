/**
 * The first pass: finds the stream of each point, makes those that are new as far as limits allow, and writes no value. What it
 * found it keeps by the points' order in the index, until the next batch.
 */
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import { metricAt, metricType, pointAt } from '../../../formats/otlp/batch/batch-index.ts';
import { pointsIn, walk } from '../../../formats/otlp/batch/walk.ts';
import { noRecordedValue } from '../../../formats/otlp/wire/protobuf-tags.ts';
import type { Memory, RefusedReason } from '../memory.ts';
import type { NotShown } from '../names/index.ts';
import type { KnownMetric, KnownResource, KnownScope } from '../resources/nodes.ts';
import type { ResourceTree } from '../resources/resource-tree.ts';
import { hashOf, type StreamTable, streamWord } from './stream-table.ts';

export interface LookUpParts {
  readonly streams: StreamTable;
  readonly tree: ResourceTree;
  readonly memory: Memory;
  readonly limits: ReceivedLimits;
  /** Points of a metric are not shown. */
  readonly unshown: (why: NotShown, points: number) => void;
  /** A point is rejected: its series would be one too many. */
  readonly refuse: (reason: RefusedReason, metric: KnownMetric) => void;
  /** All points of a metric are rejected: it, its scope or its resource would be one too many. `r`, `m`: offsets in the index. */
  readonly refuseAll: (reason: RefusedReason, points: number, batch: Batch, r: number, m: number) => void;
  /** A stream that is not there has no value from now on. */
  readonly ended: (batch: Batch, point: number, metric: KnownMetric) => void;
}

export interface ReceivedLimits {
  /** Series in all, at most. */
  readonly series: number;
  /** Series of a resource, at most. */
  readonly seriesPerResource: number;
  /** Resources and scopes in all, at most. */
  readonly resources: number;
  /** Bytes of the labels of all series, at most. */
  readonly labelBytes: number;
  /** The same of a resource. */
  readonly labelBytesPerResource: number;
}

/** What the cells of a row take, about: as much as what they come from, but for those that are always there. */
function cellBytes({ index }: Batch, point: number, { typeNumber, group }: KnownMetric): number {
  const sent = (index[point + pointAt.to] as number) - (index[point + pointAt.from] as number);
  const hasExemplars = group.keepsExemplars && index[point + pointAt.exemplarsFrom] !== 0;
  if (typeNumber === metricType.exponentialHistogram) return sent + exponentialBytes + (hasExemplars ? exemplarBytes : 0);
  return hasExemplars ? sent * exemplarShare : sent;
}

/** Points for which memory is kept; what a larger batch needs is freed with it. */
const keptPoints = 65_536;
/** What a series takes beside its labels and cells: its words, and its row's columns. */
const rowBytes = 100;
/** The cells of an exponential histogram of both signs. */
const exponentialBytes = 3_000;
/** Of its exemplars. */
const exemplarBytes = 1_000;
/** A bucket with its exemplar takes twelve cells, and at least two numbers on the wire. */
const exemplarShare = 6;

export class LookUp {
  /** A stream for each point, in the index's order; 0: it is not to be written. */
  found = new Int32Array(1_024);
  /** A metric for each metric record, in the index's order; undefined: none of its points is to be written. */
  readonly metrics: (KnownMetric | undefined)[] = [];
  /** Streams that the batch has made. */
  readonly made: number[] = [];
  private readonly parts: LookUpParts;
  private points = 0;
  /** Of the labels of all streams. */
  private labelBytes = 0;
  /** Offsets of the present resource and scope. */
  private resourceAt = 0;
  private scopeAt = 0;
  /** What they are, or why they are rejected; undefined until a point needs them. */
  private resource: KnownResource | RefusedReason | undefined;
  private scope: KnownScope | RefusedReason | undefined;

  constructor(parts: LookUpParts) {
    this.parts = parts;
  }

  read(batch: Batch, now: number): void {
    const { points } = batch;
    if (this.found.length < points || this.found.length > Math.max(points, keptPoints))
      this.found = new Int32Array(Math.max(points, 1_024));
    this.points = 0;
    this.metrics.length = 0;
    this.made.length = 0;
    walk(batch, {
      resource: (r) => {
        this.resourceAt = r;
        this.resource = undefined;
      },
      scope: (s) => {
        this.scopeAt = s;
        this.scope = undefined;
      },
      metric: (m) => this.metric(batch, m, now),
    });
    // Nothing of a batch outlives it here.
    this.resource = undefined;
    this.scope = undefined;
  }

  private scopeOf(batch: Batch): KnownScope | RefusedReason {
    const { tree } = this.parts;
    this.resource ??= tree.resource(batch, this.resourceAt);
    return typeof this.resource === 'string' ? this.resource : tree.scope(this.resource, batch, this.scopeAt);
  }

  private metric(batch: Batch, m: number, now: number): void {
    const { index } = batch;
    const points = pointsIn(batch, m);
    if (points === 0) {
      this.metrics.push(undefined);
      return;
    }
    this.scope ??= this.scopeOf(batch);
    const metric = typeof this.scope === 'string' ? this.scope : this.parts.tree.metric(this.scope, batch, m);
    if (typeof metric === 'string' || 'reason' in metric) {
      if (typeof metric === 'string') this.parts.refuseAll(metric, points, batch, this.resourceAt, m);
      else this.parts.unshown(metric, points);
      this.metrics.push(undefined);
      this.points += points;
      return;
    }
    this.metrics.push(metric);
    const stride = index[m + metricAt.stride] as number;
    for (let p = m + metricAt.size; p < (index[m + metricAt.end] as number); p += stride)
      this.found[this.points++] = this.stream(batch, p, metric, now);
  }

  private stream(batch: Batch, point: number, metric: KnownMetric, now: number): number {
    const { index, view } = batch;
    const { streams } = this.parts;
    const at = index[point + pointAt.attributesFrom] as number;
    const length = (index[point + pointAt.attributesTo] as number) - at;
    const last = metric.lastStream;
    const expected = streams.word(last, streamWord.next);
    if (expected !== 0 && streams.is(expected, metric.number, view, at, length)) {
      metric.lastStream = expected;
      return expected;
    }
    const hash = hashOf(metric.number, view, at, length);
    let stream = streams.find(hash, metric.number, view, at, length);
    if (stream === 0) {
      if (((index[point + pointAt.flags] as number) & noRecordedValue) !== 0) {
        this.parts.ended(batch, point, metric);
        return 0;
      }
      stream = this.make(batch, point, hash, at, length, metric, now);
      if (stream === 0) return 0;
      streams.setWord(stream, streamWord.next, expected);
    }
    if (last !== 0) streams.setWord(last, streamWord.next, stream);
    metric.lastStream = stream;
    return stream;
  }

  private make(batch: Batch, point: number, hash: number, at: number, length: number, metric: KnownMetric, now: number): number {
    const { streams, refuse } = this.parts;
    const { resource } = metric.scope;
    const labelBytes = length + metric.labelBytes;
    const refused = this.refusal(batch, point, labelBytes, metric);
    const stream = refused === undefined ? streams.add(hash, metric.number, batch.bytes, at, length, now) : 0;
    if (stream === 0) {
      refuse(refused ?? 'no_room', metric);
      return 0;
    }
    metric.streams++;
    resource.streams++;
    resource.labelBytes += labelBytes;
    this.labelBytes += labelBytes;
    this.made.push(stream);
    return stream;
  }

  private refusal(batch: Batch, point: number, labelBytes: number, metric: KnownMetric): RefusedReason | undefined {
    const { streams, limits, memory } = this.parts;
    const { resource } = metric.scope;
    if (streams.size >= limits.series) return 'series_limit';
    if (resource.streams >= limits.seriesPerResource) return 'resource_series_limit';
    if (this.labelBytes + labelBytes > limits.labelBytes) return 'label_bytes';
    if (resource.labelBytes + labelBytes > limits.labelBytesPerResource) return 'resource_label_bytes';
    return memory.reserve(rowBytes + labelBytes + cellBytes(batch, point, metric)) ? undefined : 'memory_limit';
  }

  /** Its stream leaves. */
  leave(stream: number, metric: KnownMetric): void {
    const labelBytes = this.parts.streams.keyLength(stream) + metric.labelBytes;
    metric.streams--;
    metric.scope.resource.streams--;
    metric.scope.resource.labelBytes -= labelBytes;
    this.labelBytes -= labelBytes;
    if (metric.lastStream === stream) metric.lastStream = 0;
  }
}
