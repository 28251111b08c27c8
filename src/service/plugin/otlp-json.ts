/** What components write as objects, as the text of OTLP's JSON: no value is lost because JSON cannot express it. */
import type { MetricTree, ResourceTree } from './batch-tree.ts';

/** @param request the message, or what `batchTree` returns */
export function otlpJson(request: object): string {
  return JSON.stringify(Array.isArray(request) ? requestOf(request) : request, inWords);
}

/**
 * OTLP 1.x, "JSON Protobuf Encoding": 64-bit integers as strings, ids in hexadecimal, other bytes in base64. Protobuf's JSON has
 * strings for NaN and the infinities; `JSON.stringify` drops the sign of zero.
 */
function inWords(this: unknown, key: string, value: unknown): unknown {
  // As it was given: a Buffer is another object here already.
  const given = (this as Readonly<Record<string, unknown>>)[key];
  if (typeof given === 'bigint') return String(given);
  if (typeof given === 'number' && Object.is(given, -0)) return '-0';
  if (typeof given === 'number' && !Number.isFinite(given)) return String(given);
  if (!(given instanceof Uint8Array)) return value;
  const isId = /^(trace|span)_?id$/i.test(key);
  return Buffer.from(given.buffer, given.byteOffset, given.byteLength).toString(isId ? 'hex' : 'base64');
}

function requestOf(trees: readonly ResourceTree[]): object {
  return {
    resourceMetrics: trees.map(({ resource: { schemaUrl, ...resource }, scopes }) => ({
      resource,
      schemaUrl,
      scopeMetrics: scopes.map(({ scope: { schemaUrl: ofScope, ...scope }, metrics }) => ({
        scope,
        schemaUrl: ofScope,
        metrics: metrics.map(metricOf),
      })),
    })),
  };
}

/** The type decides, and not the number that a metric's node has for it: it can be changed with its points. */
function metricOf({ metric, type, points: dataPoints }: MetricTree): object {
  const { name, description, unit, metadata, temporality, monotonic } = metric;
  const aggregated = type === 'gauge' || type === 'summary' ? {} : { aggregationTemporality: temporality };
  const data = { dataPoints, ...aggregated, ...(type === 'sum' ? { isMonotonic: monotonic } : {}) };
  return { name, description, unit, metadata, [type]: data };
}
