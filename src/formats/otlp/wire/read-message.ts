/** Any message as a plain object, by its table. For what is rare; what must be fast has its fields built in. */
import { type Field, hasLength, type Message } from './messages.ts';
import { content, notCanonical, unknown, varint, wire } from './varint.ts';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
/** Strings up to this length are tried as ASCII by hand: a call of `TextDecoder` costs more than that. */
const shortText = 48;

export function stringIn(bytes: Uint8Array, from: number, to: number): string {
  return shortAscii(bytes, from, to) ?? decoder.decode(bytes.subarray(from, to));
}

function shortAscii(bytes: Uint8Array, from: number, to: number): string | undefined {
  if (to - from > shortText) return undefined;
  let text = '';
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number;
    if (byte > 127) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** An offset, unless the bytes are no protobuf or end early. @throws RangeError */
export function sure(offset: number): number {
  if (offset === notCanonical) throw new RangeError('cannot read protobuf: the bytes end early, or are none');
  return offset;
}

/**
 * An empty list is `[]`; other absent fields are not in the object. Of a `oneof`, the last field counts. Fields that are not in
 * the table are skipped.
 *
 * @param result what was read is in it, also where it throws
 * @throws RangeError when the bytes are no protobuf
 */
export function readMessage(
  message: Message,
  bytes: Uint8Array,
  from: number,
  to: number,
  result: Record<string, unknown> = {},
): Readonly<Record<string, unknown>> {
  for (const list of message.lists) result[list] = [];
  for (let at = from; at < to; ) {
    const start = sure(varint(bytes, at, to));
    const field = message.byNumber[wire.low >>> 3];
    if (field === undefined || wire.low !== field.tag) at = sure(unknown(bytes, at, to, 0));
    else at = readField(field, message, bytes, start, to, result);
  }
  return result;
}

function readField(
  field: Field,
  message: Message,
  bytes: Uint8Array,
  at: number,
  to: number,
  result: Record<string, unknown>,
): number {
  const { name, kind, repeated, oneof } = field;
  const isPacked = repeated && !hasLength(kind);
  const start = hasLength(kind) || isPacked ? sure(content(bytes, at, to)) : at;
  const end = hasLength(kind) || isPacked ? wire.end : to;
  if (isPacked) {
    for (let next = start; next < end; next = scalar.end) (result[name] as unknown[]).push(readScalar(kind, bytes, next, end));
    return end;
  }
  if (oneof) for (const other in result) if (message.byName.get(other)?.oneof) delete result[other];
  const value =
    field.message === undefined ? readScalar(kind, bytes, start, end) : readMessage(field.message(), bytes, start, end);
  if (repeated) (result[name] as unknown[]).push(value);
  else result[name] = value;
  return hasLength(kind) ? end : scalar.end;
}

/** The offset after the last one. */
const scalar = { end: 0 };

/** `to` is the end of the message, or that of a string or bytes. */
function readScalar(kind: Field['kind'], bytes: Uint8Array, at: number, to: number): unknown {
  if (kind === 'string') return stringIn(bytes, at, to);
  if (hasLength(kind)) return bytes.subarray(at, to);
  if (kind === 'double' || kind === 'fixed64' || kind === 'sfixed64') {
    scalar.end = sure(at + 8 > to ? notCanonical : at + 8);
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, 8);
    if (kind === 'double') return view.getFloat64(0, true);
    return kind === 'fixed64' ? view.getBigUint64(0, true) : view.getBigInt64(0, true);
  }
  scalar.end = sure(varint(bytes, at, to));
  const { low, high } = wire;
  if (kind === 'bool') return low !== 0 || high !== 0;
  if (kind === 'sint32') return (low >>> 1) ^ -(low & 1);
  if (kind === 'uint32') return low;
  if (kind === 'enum') return low | 0;
  const whole = (BigInt(high) << 32n) | BigInt(low);
  return kind === 'int64' ? BigInt.asIntN(64, whole) : whole;
}
