import { type Batch, readBatch } from '../../formats/otlp/batch/batch.ts';
import { jsonToProtobuf } from '../../formats/otlp/json/to-protobuf.ts';
import type { ResourceTree } from './batch-tree.ts';
import { otlpJson } from './otlp-json.ts';

/**
 * A batch from OTLP's JSON: `{ resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [...] }] }] }`, or from what `batchTree`
 * returns. 64-bit integers, such as times in nanoseconds, are strings or `bigint`; bytes are base64 (ids: hexadecimal) or
 * `Uint8Array`. It is the caller's to keep, unlike a batch that a component is handed.
 * @throws MalformedRequest, which names the location
 */
export function batchOfJson(request: object | readonly ResourceTree[]): Batch {
  return readBatch(jsonToProtobuf(new TextEncoder().encode(otlpJson(request))));
}
