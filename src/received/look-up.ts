/**
 * The first pass: finds the stream of each point, makes those that are new as far as limits allow, and writes no value. What it found it keeps by the points'
 * order in the index, until the next batch.
 */
import type { Batch } from '../otlp/batch/batch.ts';
import { metricAt, pointAt } from '../otlp/batch/batch-index.ts';
import { pointsIn, walk } from '../otlp/batch/walk.ts';
import { noRecordedValue } from '../otlp/wire/protobuf-tags.ts';
import type { NotShown } from './names/index.ts';
import type { MetricNode, ResourceNode, ScopeNode } from './nodes.ts';
import { hashOf, type StreamTable, streamWord, streamWords } from './stream-table.ts';
import type { Tree } from './tree.ts';

export interface LookUpParts {
  readonly streams: StreamTable;
  readonly tree: Tree;
  readonly limits: ReceivedLimits;
  /** Points of a metric are not shown. */
  readonly unshown: (why: NotShown, points: number) => void;
  /** A point is not taken: its series would be one too many. */
  readonly refuse: (reason: 'series_limit' | 'resource_series_limit' | 'no_room', metric: MetricNode) => void;
}

export interface ReceivedLimits {
  /** Series in all, at most. */
  readonly series: number;
  /** Series of a resource, at most. */
  readonly seriesPerResource: number;
}

/** Room for points that is kept; what a larger batch needs goes with it. */
const keptPoints = 65_536;

/** After so many batches of others, places have another owner. */
const absentFor = 16;

export class LookUp {
  /** A stream for each point, in the index's order; 0: it is not to be written. */
  found = new Int32Array(1_024);
  /** A metric for each metric record, in the index's order; undefined: none of its points is to be written. */
  readonly metrics: (MetricNode | undefined)[] = [];
  /** Streams that the batch has made. */
  readonly made: number[] = [];
  private readonly parts: LookUpParts;
  private points = 0;
  /** What points' attributes stand in. */
  private attributes!: Pick<Batch, 'bytes' | 'view'>;
  /** Whose places the streams know; there is one at a time. */
  private owner: object | undefined;
  /** Batches of others since its last one. */
  private others = 0;
  /** The batch is the owner's. */
  private owns = false;

  constructor(parts: LookUpParts) {
    this.parts = parts;
  }

  read(batch: Batch, now: number): void {
    const { points } = batch;
    const { tree } = this.parts;
    if (this.found.length < points || this.found.length > Math.max(points, keptPoints))
      this.found = new Int32Array(Math.max(points, 1_024));
    this.attributes = batch.pointAttributes ?? batch;
    this.owns = batch.pointAttributes !== undefined && this.isOwner(batch.pointAttributes.lasting);
    this.points = 0;
    this.metrics.length = 0;
    this.made.length = 0;
    let resource!: ResourceNode;
    let scope!: ScopeNode;
    walk(batch, {
      resource(r) {
        resource = tree.resource(batch, r);
      },
      scope(s) {
        scope = tree.scope(resource, batch, s);
      },
      metric: (m) => this.metric(batch, m, scope, now),
    });
  }

  private metric(batch: Batch, m: number, scope: ScopeNode, now: number): void {
    const { index } = batch;
    const points = pointsIn(batch, m);
    if (points === 0) {
      this.metrics.push(undefined);
      return;
    }
    const metric = this.parts.tree.metric(scope, batch, m);
    if ('reason' in metric) {
      this.parts.unshown(metric, points);
      this.metrics.push(undefined);
      this.points += points;
      return;
    }
    this.metrics.push(metric);
    const stride = index[m + metricAt.stride] as number;
    for (let p = m + metricAt.size; p < (index[m + metricAt.end] as number); p += stride)
      this.found[this.points++] = this.stream(batch, p, metric, now);
  }

  private stream(batch: Batch, point: number, metric: MetricNode, now: number): number {
    const { index } = batch;
    const { view } = this.attributes;
    const { streams } = this.parts;
    const at = index[point + pointAt.attributesFrom] as number;
    const length = (index[point + pointAt.attributesTo] as number) - at;
    const { words } = streams.records;
    const last = metric.lastStream;
    const expected = words[last * streamWords + streamWord.next] as number;
    if (
      expected !== 0 &&
      ((this.owns && streams.isAt(expected, metric.number, at)) || streams.is(expected, metric.number, view, at, length))
    ) {
      if (this.owns) words[expected * streamWords + streamWord.place] = at;
      metric.lastStream = expected;
      return expected;
    }
    const hash = hashOf(metric.number, view, at, length);
    let stream = streams.find(hash, metric.number, view, at, length);
    if (stream === 0) {
      // It has nothing that could go.
      if (((index[point + pointAt.flags] as number) & noRecordedValue) !== 0) return 0;
      stream = this.make(hash, at, length, metric, now);
      if (stream === 0) return 0;
      streams.records.words[stream * streamWords + streamWord.next] = expected;
    }
    if (last !== 0) streams.records.words[last * streamWords + streamWord.next] = stream;
    metric.lastStream = stream;
    return stream;
  }

  private isOwner(lasting: object): boolean {
    if (lasting === this.owner) this.others = 0;
    else if (this.owner === undefined || ++this.others >= absentFor) {
      this.parts.streams.forgetPlaces();
      this.owner = lasting;
      this.others = 0;
    } else return false;
    return true;
  }

  private make(hash: number, at: number, length: number, metric: MetricNode, now: number): number {
    const { streams, limits, refuse } = this.parts;
    const { resource } = metric.scope;
    if (streams.size >= limits.series) {
      refuse('series_limit', metric);
      return 0;
    }
    if (resource.streams >= limits.seriesPerResource) {
      refuse('resource_series_limit', metric);
      return 0;
    }
    const stream = streams.add(hash, metric.number, this.attributes.bytes, at, length, now);
    if (stream === 0) {
      refuse('no_room', metric);
      return 0;
    }
    metric.streams++;
    resource.streams++;
    this.made.push(stream);
    return stream;
  }
}
