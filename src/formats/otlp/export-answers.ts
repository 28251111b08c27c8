/**
 * A receiver's responses: `ExportMetricsServiceResponse` of metrics_service.proto and `google.rpc.Status`, in the request's
 * encoding.
 */
import { ByteSink } from './wire/byte-sink.ts';
import { lengthOf, varintOf } from './wire/protobuf-tags.ts';

export type Encoding = 'protobuf' | 'json';

/** The codes of google.rpc.Code with which a receiver responds. */
export const codes = {
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

export type Code = (typeof codes)[keyof typeof codes];

const response = { partialSuccess: lengthOf(1), rejected: varintOf(1), message: lengthOf(2) };
const status = { code: varintOf(1), message: lengthOf(2) };

const whole: Readonly<Record<Encoding, Uint8Array>> = { protobuf: new Uint8Array(0), json: Buffer.from('{}') };

/**
 * Points that were rejected, and why. With 0 and an empty `message`: `partial_success` is not set, as OTLP demands of a full
 * success. With 0 and a message: a warning.
 */
export function exportAnswer(encoding: Encoding, rejected: number, message: string): Uint8Array {
  if (rejected === 0 && message === '') return whole[encoding];
  // Proto3 JSON writes an int64 as a string.
  if (encoding === 'json') return json({ partialSuccess: { rejectedDataPoints: String(rejected), errorMessage: message } });
  const sink = new ByteSink();
  const opened = sink.open(response.partialSuccess);
  sink.reserve(16);
  if (rejected > 0) {
    sink.byte(response.rejected);
    sink.varint(rejected);
  }
  sink.text(response.message, message);
  sink.close(opened);
  return sink.take();
}

export function statusAnswer(encoding: Encoding, code: Code, message: string): Uint8Array {
  if (encoding === 'json') return json({ code, message });
  const sink = new ByteSink();
  sink.reserve(2);
  sink.byte(status.code);
  sink.varint(code);
  sink.text(status.message, message);
  return sink.take();
}

function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}
