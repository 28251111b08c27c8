/** A writer's requests, for tests. */
import assert from 'node:assert/strict';
import { encodeAttributes, type MetricHead, type MetricsWriter } from '../../../../src/formats/otlp/index.ts';

export const unlimited = { points: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };

/** `a=b` */
export const place = { attributes: encodeAttributes({ a: 'b' }), from: 0, to: 8 + 2, startMs: 1_000, timeMs: 2_000 };
export const head = (type: MetricHead['type']): MetricHead => ({
  name: 'm',
  description: '',
  unit: '',
  type,
  temporality: 'cumulative',
  monotonic: true,
});

export function only(writer: MetricsWriter): Uint8Array {
  const [request, ...more] = writer.end();
  assert.deepEqual(more, []);
  const bytes = request?.bytes.slice() ?? new Uint8Array(0);
  if (request !== undefined) writer.reuse(request);
  return bytes;
}
