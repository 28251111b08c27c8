import { type Batch, readBatch } from '../../otlp/batch.ts';
import { copyBatch } from '../../otlp/copy-batch.ts';
import { jsonToProtobuf } from '../../otlp/json/to-protobuf.ts';

/**
 * A batch from OTLP's JSON: `{ resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [...] }] }] }`. 64-bit integers, such as times in nanoseconds, are
 * strings. It stays as it is, unlike a batch that a component is handed.
 * @throws MalformedRequest, which names the place
 */
export function batchOfJson(request: object): Batch {
  return copyBatch(readBatch(jsonToProtobuf(new TextEncoder().encode(JSON.stringify(request)))));
}
