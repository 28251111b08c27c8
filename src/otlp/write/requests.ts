/**
 * Cuts a stream of points into requests of bounded size. Resource, scope and metric are named once; they are written when their first
 * point comes (so what has no point is not sent), and again in each request that goes on with them, as OTLP allows.
 */
import { createJsonEncoder } from '../json/json-encoder.ts';
import type { Encoder, MetricHead, PointWriter, ResourceHead, ScopeHead } from './metrics-writer.ts';
import { createProtobufEncoder } from './protobuf-encoder.ts';

export type Encoding = 'protobuf' | 'json';

export interface RequestLimits {
  /** Points a request. */
  readonly points: number;
  /** Bytes after which a request is closed; the point that reaches it is still in it. */
  readonly bytes: number;
}

/** An `ExportMetricsServiceRequest`. */
export interface EncodedRequest {
  readonly bytes: Uint8Array;
  readonly points: number;
}

export interface MetricsWriter extends PointWriter {
  /** Points from here on belong to this resource; a scope and a metric must follow. */
  resource(resource: ResourceHead): void;
  scope(scope: ScopeHead): void;
  metric(metric: MetricHead): void;
  /** The requests that are full by now, in order. */
  full(): EncodedRequest[];
  /** The last request, if it has points; the writer starts anew. */
  end(): EncodedRequest[];
  /** Returns a request that is not needed any more: its memory serves a later one. */
  reuse(request: EncodedRequest): void;
  /** The writer starts anew, whatever was written, and holds little memory. */
  clear(): void;
}

export function createMetricsWriter(encoding: Encoding, limits: RequestLimits): MetricsWriter {
  const encoder: Encoder = encoding === 'json' ? createJsonEncoder() : createProtobufEncoder();
  let ready: EncodedRequest[] = [];
  let points = 0;
  let resource: ResourceHead | undefined;
  let scope: ScopeHead | undefined;
  let metric: MetricHead | undefined;
  /** The parts that are open in the encoder. */
  let inResource = false;
  let openScope: ScopeHead | undefined;
  let openMetric: MetricHead | undefined;

  function open(): void {
    if (resource === undefined || scope === undefined || metric === undefined) throw new Error('BUG: a point without a metric');
    if (!inResource) encoder.openResource(resource);
    inResource = true;
    if (openScope === undefined) encoder.openScope(scope);
    openScope = scope;
    encoder.openMetric(metric);
    openMetric = metric;
  }

  function closeMetric(): void {
    if (openMetric !== undefined) encoder.closeMetric(openMetric);
    openMetric = undefined;
  }

  function closeScope(): void {
    closeMetric();
    if (openScope !== undefined) encoder.closeScope(openScope.schemaUrl);
    openScope = undefined;
  }

  function closeResource(): void {
    closeScope();
    if (inResource) encoder.closeResource();
    inResource = false;
  }

  function cut(): void {
    closeResource();
    if (points > 0) ready.push({ bytes: encoder.finish(), points });
    points = 0;
  }

  function counted(size: number): void {
    points++;
    if (points >= limits.points || size >= limits.bytes) cut();
  }

  function take(): EncodedRequest[] {
    if (ready.length === 0) return ready;
    const taken = ready;
    ready = [];
    return taken;
  }

  return Object.freeze({
    resource(next: ResourceHead) {
      closeResource();
      resource = next;
      scope = undefined;
      metric = undefined;
    },
    scope(next: ScopeHead) {
      closeScope();
      scope = next;
      metric = undefined;
    },
    metric(next: MetricHead) {
      closeMetric();
      metric = next;
    },
    full: take,
    end() {
      cut();
      return take();
    },
    reuse: ({ bytes }) => encoder.reuse(bytes),
    clear() {
      encoder.clear();
      ready = [];
      points = 0;
      inResource = false;
      openScope = undefined;
      openMetric = undefined;
    },

    number(place, value, exemplars) {
      if (openMetric === undefined) open();
      counted(encoder.number(place, value, exemplars));
    },
    histogram(place, bounds, counts, at, sum, extras) {
      if (openMetric === undefined) open();
      counted(encoder.histogram(place, bounds, counts, at, sum, extras));
    },
    exponentialHistogram(place, point, extras) {
      if (openMetric === undefined) open();
      counted(encoder.exponentialHistogram(place, point, extras));
    },
    summary(place, count, sum, quantiles) {
      if (openMetric === undefined) open();
      counted(encoder.summary(place, count, sum, quantiles));
    },
    noRecordedValue(place) {
      if (openMetric === undefined) open();
      counted(encoder.noRecordedValue(place));
    },
  } satisfies MetricsWriter);
}
