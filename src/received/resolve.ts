/**
 * The questions that received series ask of whoever shows them: what is a metric called there, which labels does a series get, is it shown at all.
 * Each is asked once for what it is about (a resource, a scope, a metric, a series) and its answer kept while a stream of it lives, so an answer may be
 * dear. Questions form a tree, and each object answers for what is below it, so that nothing is decoded twice.
 *
 * All bytes are the asker's: valid during the call, and whoever wants to keep some copies them.
 */
import type { RowShape } from '../store/row-layout.ts';
import type { Family, NewLabels } from '../store/store.ts';

export type Resolve = (resource: Uint8Array) => ResolvedResource;

/** A resource, by the bytes of its `Resource` message; two spellings of one resource are two. */
export interface ResolvedResource {
  /** Asked once for each scope of the resource. `scope`: the bytes of its `InstrumentationScope` message, empty for none. */
  scope(scope: Uint8Array, schemaUrl: string): ResolvedScope;
  /** Its first series is there: `target_info` can be. Asked again when it comes back after `left`. */
  entered(): void;
  /** Its last series has gone. The object is forgotten then: if the resource comes again, it is asked for again. */
  left(): void;
}

export interface ResolvedScope {
  /**
   * Asked once for each metric. Of one that is not shown, nothing is kept: it is asked for again with the next request, and so appears once what was in
   * its way has gone.
   */
  metric(head: MetricHead): ResolvedMetric | NotShown;
}

export const metricTypes = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'] as const;
/** `Metric.data` of metrics.proto. */
export type MetricType = (typeof metricTypes)[number];

/** A metric as the sender describes it. */
export interface MetricHead {
  readonly name: string;
  /** UCUM, `''` for none. */
  readonly unit: string;
  readonly description: string;
  readonly type: MetricType;
  /** Of sums. */
  readonly monotonic: boolean;
  /** `Metric.metadata`: its `KeyValue` fields, tag and length included, one behind the other. `prometheus.type` is looked for here. */
  readonly metadata: Uint8Array;
}

/** A metric of a resource and a scope that is shown. */
export interface ResolvedMetric {
  /** Metrics of one exposed name share one group object: their series are told apart by final labels alone. */
  readonly group: ReceivedGroup;
  /**
   * Asked once for each series: the final labels, plain. Names are legal, sorted and unique, values are strings; `job`, `instance`, scope and constant labels
   * are among them. `attributes`: the point's `KeyValue` fields, tag and length included, one behind the other.
   */
  labels(attributes: Uint8Array): NewLabels & { readonly names: readonly string[] };
  /** Its last series has gone, and its rows with it. The object is forgotten then; the group may be closed when all its metrics have left. */
  left(): void;
}

/** An exposed name, with all that is shown under it. */
export interface ReceivedGroup {
  /** The exposed name, for messages. */
  readonly name: string;
  /** What its families' `kind` is. */
  readonly kind: RowShape['kind'];
  /** Whether rows have room for exemplars: where no format on offer shows them, they are not kept. */
  readonly exemplars: boolean;
  /**
   * Opens a family of the group, its `labels` those of its first row. Asked once for each shape while a row of that shape lives; the asker ends the
   * family (`Family.end`) when its last row has left. Undefined: there are as many families as there may be; the point is refused, as `family_limit`.
   */
  open(shape: RowShape, labels: readonly string[]): Family | undefined;
}

/** Why a metric's points do not become series. */
export interface NotShown {
  /** What points are counted under, in `snake_case`: `type_conflict`, `name_conflict`, `family_limit`. */
  readonly reason: string;
  /** For the sender, as part of a `partial_success`: the points were refused. Absent: they were taken, and are not shown. */
  readonly refused?: string;
}
