/**
 * `ExportMetricsServiceRequest` as JSON, by proto3's JSON mapping with OTLP's exceptions (hexadecimal ids, enumerations as numbers):
 * 64-bit integers are strings, and so are NaN and the infinities. Each point is a separate string, so that no call takes long.
 */
import { type AttributePair, decodeAttributes } from '../value/attributes.ts';
import type { Encoder, Exemplar, ExponentialBuckets, HistogramExtras, MetricHead, PointPlace } from '../write/metrics-writer.ts';
import { nanosText } from '../write/nanos.ts';

const temporalities = { delta: 1, cumulative: 2 } as const;
/** `FLAG_NO_RECORDED_VALUE`. */
const noRecordedValue = 1;

const encoder = new TextEncoder();

export function createJsonEncoder(): Encoder {
  let text = '';
  /** Whether the open list has an entry. Reading the string would copy it, because V8 keeps it as a rope of pieces. */
  let filled = false;
  const start = { ms: Number.NaN, text: '' };
  const time = { ms: Number.NaN, text: '' };

  /** A comma, unless this is the first of its list. */
  function next(): void {
    if (filled) text += ',';
    filled = true;
  }

  function point(place: PointPlace, rest: Record<string, unknown>): number {
    next();
    const { attributes, from, to, startMs, timeMs } = place;
    text += JSON.stringify({
      attributes: jsonAttributes(attributes.subarray(from, to)),
      startTimeUnixNano: kept(start, startMs),
      timeUnixNano: kept(time, timeMs),
      ...rest,
    });
    return text.length;
  }

  return {
    openResource({ attributes }) {
      text += text === '' ? '{"resourceMetrics":[' : ',';
      text += `{"resource":{"attributes":${JSON.stringify(jsonAttributes(attributes))}},"scopeMetrics":[`;
      filled = false;
    },
    closeResource() {
      text += ']}';
      filled = true;
    },
    openScope({ name, version }) {
      next();
      text += `{"scope":${JSON.stringify({ name, version })},"metrics":[`;
      filled = false;
    },
    closeScope(schemaUrl) {
      text += schemaUrl === undefined ? ']}' : `],"schemaUrl":${JSON.stringify(schemaUrl)}}`;
      filled = true;
    },
    openMetric({ name, description, unit, type }: MetricHead) {
      next();
      text += `${JSON.stringify({ name, description, unit }).slice(0, -1)},"${type}":{"dataPoints":[`;
      filled = false;
    },
    closeMetric({ type, temporality, monotonic }: MetricHead) {
      text += ']';
      if (type !== 'gauge' && type !== 'summary') text += `,"aggregationTemporality":${temporalities[temporality]}`;
      if (type === 'sum') text += `,"isMonotonic":${monotonic}`;
      text += '}}';
      filled = true;
    },
    finish() {
      const bytes = encoder.encode(text === '' ? '{"resourceMetrics":[]}' : `${text}]}`);
      text = '';
      return bytes;
    },
    reuse() {},
    clear() {
      text = '';
    },

    number: (place, value, exemplars) => point(place, { asDouble: jsonNumber(value), ...jsonExemplars(exemplars) }),
    histogram(place, bounds, counts, at, sum, extras) {
      const buckets = Array.from({ length: bounds.length + 1 }, (_, index) => counts[at + index] as number);
      return point(place, {
        count: String(buckets.reduce((total, count) => total + count, 0)),
        sum: optional(sum),
        bucketCounts: buckets.map(String),
        explicitBounds: Array.from(bounds),
        ...jsonExtras(extras),
      });
    },
    exponentialHistogram(place, { count, sum, scale, zeroCount, zeroThreshold, positive, negative }, extras) {
      return point(place, {
        count: String(count),
        sum: optional(sum),
        scale,
        zeroCount: String(zeroCount),
        zeroThreshold: optional(zeroThreshold),
        positive: jsonBuckets(positive),
        negative: jsonBuckets(negative),
        ...jsonExtras(extras),
      });
    },
    summary(place, count, sum, quantiles = []) {
      const quantileValues = quantiles.map(({ quantile, value }) => ({ quantile, value: jsonNumber(value) }));
      return point(place, { count: String(count), sum: jsonNumber(sum), quantileValues });
    },
    noRecordedValue: (place) => point(place, { flags: noRecordedValue }),
  };
}

/** Most points of a push share their times. */
function kept(last: { ms: number; text: string }, ms: number): string {
  if (ms !== last.ms) {
    last.ms = ms;
    last.text = nanosText(ms);
  }
  return last.text;
}

/** `JSON.stringify` writes `0` for -0; the JSON mapping's own example of a double is `-0.0`. TypeScript 7 does not know `rawJSON` yet. */
const minusZero: object = (JSON as unknown as { rawJSON(text: string): object }).rawJSON('-0.0');

function jsonNumber(value: number): number | string | object {
  if (Object.is(value, -0)) return minusZero;
  return Number.isFinite(value) ? value : String(value);
}

function optional(value: number | undefined): number | string | object | undefined {
  return value === undefined ? undefined : jsonNumber(value);
}

function jsonExtras({ min, max, exemplars, gone }: HistogramExtras = {}): object {
  return { min: optional(min), max: optional(max), ...jsonExemplars(exemplars), ...(gone && { flags: noRecordedValue }) };
}

function jsonExemplars(exemplars: readonly Exemplar[] | undefined): object {
  if (exemplars === undefined) return {};
  return {
    exemplars: exemplars.map(({ value, timeMs, traceId, spanId, filteredAttributes }) => ({
      filteredAttributes: filteredAttributes === undefined ? [] : jsonAttributes(filteredAttributes),
      timeUnixNano: nanosText(timeMs),
      asDouble: jsonNumber(value),
      spanId,
      traceId,
    })),
  };
}

function jsonBuckets({ offset, counts }: ExponentialBuckets): object {
  return { offset, bucketCounts: Array.from(counts, String) };
}

function jsonAttributes(bytes: Uint8Array): object[] {
  return decodeAttributes(bytes).map(([key, value]) => ({ key, value: jsonValue(value) }));
}

function jsonValue(value: AttributePair[1] | null): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: jsonNumber(value) };
  if (Array.isArray(value)) return { arrayValue: { values: value.map((item) => jsonValue(item as AttributePair[1] | null)) } };
  return {};
}
