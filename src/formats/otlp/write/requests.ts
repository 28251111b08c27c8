/** Cuts a stream of points into requests of bounded size. Resource, scope and metric are named once. */
import { MetricOwners } from './metric-owners.ts';
import type { MetricHead, PointWriter, ResourceHead, ScopeHead } from './metrics-writer.ts';
import { writeExponentialHistogram } from './points/exponential-histogram.ts';
import { writeHistogram } from './points/histogram.ts';
import { writeNumber } from './points/number.ts';
import { writeSummary } from './points/summary.ts';
import { ProtobufEncoder } from './protobuf-encoder.ts';

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
  /** The last request, if it has points; resets the writer. */
  end(): EncodedRequest[];
  /** Returns a request that is not needed any more: its memory serves a later one. */
  reuse(request: EncodedRequest): void;
  /** Resets the writer, whatever was written, and keeps little memory. */
  clear(): void;
}

export function createMetricsWriter(limits: RequestLimits): MetricsWriter {
  const encoder = new ProtobufEncoder();
  const { fields } = encoder;
  const owners = new MetricOwners(encoder);
  let ready: EncodedRequest[] = [];
  let points = 0;

  function cut(): void {
    owners.close();
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
    resource: (next) => owners.setResource(next),
    scope: (next) => owners.setScope(next),
    metric: (next) => owners.setMetric(next),
    full: take,
    end() {
      cut();
      return take();
    },
    reuse: ({ bytes }) => encoder.reuse(bytes),
    clear() {
      encoder.clear();
      owners.clear();
      ready = [];
      points = 0;
    },

    number(header, value, exemplars) {
      owners.open();
      counted(writeNumber(fields, header, value, exemplars));
    },
    histogram(header, bounds, counts, at, sum, extras) {
      owners.open();
      counted(writeHistogram(fields, header, bounds, counts, at, sum, extras));
    },
    exponentialHistogram(header, point, extras) {
      owners.open();
      counted(writeExponentialHistogram(fields, header, point, extras));
    },
    summary(header, count, sum, quantiles) {
      owners.open();
      counted(writeSummary(fields, header, count, sum, quantiles));
    },
    noRecordedValue(header) {
      owners.open();
      counted(encoder.noRecordedValue(header));
    },
  } satisfies MetricsWriter);
}
