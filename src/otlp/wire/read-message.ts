/** Any message as a plain object, by the table of messages. Its bytes have been checked before. */
import type { Field, Message } from './messages.ts';
import { content, unknown, varint, wire } from './varint.ts';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export function stringIn(bytes: Uint8Array, from: number, to: number): string {
  return from === to ? '' : decoder.decode(bytes.subarray(from, to));
}

/** An empty list is `[]`; other absent fields are not in the object. Of a `oneof`, the last field counts. */
export function readMessage(message: Message, bytes: Uint8Array, from: number, to: number): Readonly<Record<string, unknown>> {
  const result: Record<string, unknown> = {};
  for (const { name, repeated } of message.fields) if (repeated) result[name] = [];
  for (let at = from; at < to; ) {
    const start = varint(bytes, at, to);
    const field = message.byNumber[wire.low >>> 3];
    if (field === undefined) at = unknown(bytes, at, to, 0);
    else at = readField(field, message, bytes, start, to, result);
  }
  return result;
}

function readField(field: Field, message: Message, bytes: Uint8Array, at: number, to: number, result: Record<string, unknown>): number {
  const { name, kind, repeated, oneof } = field;
  const isPacked = repeated && !hasLength(kind);
  const start = hasLength(kind) || isPacked ? content(bytes, at, to) : at;
  const end = hasLength(kind) || isPacked ? wire.end : to;
  if (isPacked) {
    for (let next = start; next < end; next = scalar.end) (result[name] as unknown[]).push(readScalar(kind, bytes, next, end));
    return end;
  }
  if (oneof) for (const other of message.fields) if (other.oneof) delete result[other.name];
  const value = field.message === undefined ? readScalar(kind, bytes, start, end) : readMessage(field.message(), bytes, start, end);
  if (repeated) (result[name] as unknown[]).push(value);
  else result[name] = value;
  return hasLength(kind) ? end : scalar.end;
}

/** The place behind the last one. */
const scalar = { end: 0 };

/** `to` is the end of the message, or that of a string or bytes. */
function readScalar(kind: Field['kind'], bytes: Uint8Array, at: number, to: number): unknown {
  if (kind === 'string') return stringIn(bytes, at, to);
  if (hasLength(kind)) return bytes.subarray(at, to);
  if (kind === 'double' || kind === 'fixed64' || kind === 'sfixed64') {
    scalar.end = at + 8;
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, 8);
    if (kind === 'double') return view.getFloat64(0, true);
    return kind === 'fixed64' ? view.getBigUint64(0, true) : view.getBigInt64(0, true);
  }
  scalar.end = varint(bytes, at, to);
  const { low, high } = wire;
  if (kind === 'bool') return low !== 0 || high !== 0;
  if (kind === 'sint32') return (low >>> 1) ^ -(low & 1);
  if (kind === 'uint32') return low;
  if (kind === 'enum') return low | 0;
  const whole = (BigInt(high) << 32n) | BigInt(low);
  return kind === 'int64' ? BigInt.asIntN(64, whole) : whole;
}

export function hasLength(kind: Field['kind']): boolean {
  return kind === 'message' || kind === 'string' || kind === 'bytes' || kind === 'traceId' || kind === 'spanId';
}
