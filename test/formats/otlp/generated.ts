/** A decoder that protobufjs generates from metrics.proto: another reading of the same bytes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';

export const request = protobuf
  .parse(readFileSync(join(import.meta.dirname, 'metrics.proto'), 'utf8'))
  .root.lookupType('otlp.ExportMetricsServiceRequest');

// biome-ignore lint/suspicious/noExplicitAny: read by tests only
export function decodeGenerated(bytes: Uint8Array): any {
  return request.toObject(request.decode(bytes), { longs: BigInt, enums: Number, arrays: true });
}
