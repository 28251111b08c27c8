/** Fields of a message, one after the other (protobuf.dev, "Encoding"). */
import { content, notCanonical, varint, wire } from '../../../otlp/wire/varint.ts';

/** The field that `next` has found. */
export interface Field {
  /** Its number. */
  number: number;
  /** Wire type: 0 is a varint, 1 has 8 bytes, 2 has a length, 5 has 4 bytes. */
  type: number;
  /** A varint's halves. */
  low: number;
  high: number;
  /** Where the content is. */
  from: number;
  to: number;
}

function sure(place: number): number {
  if (place === notCanonical) throw new RangeError('the bytes end early, or are no protobuf');
  return place;
}

/** Calls `use` with each field. One object serves all calls at one depth, since messages nest. @throws RangeError */
export function eachField(bytes: Uint8Array, from: number, to: number, use: (field: Field) => void): void {
  const field: Field = { number: 0, type: 0, low: 0, high: 0, from: 0, to: 0 };
  for (let at = from; at < to; ) {
    at = sure(varint(bytes, at, to));
    if (wire.high !== 0 || wire.low < 8) throw new RangeError('a field has no number');
    field.number = wire.low >>> 3;
    field.type = wire.low & 7;
    field.from = at;
    if (field.type === 0) {
      at = sure(varint(bytes, at, to));
      field.low = wire.low;
      field.high = wire.high;
      field.to = at;
    } else if (field.type === 2) {
      field.from = sure(content(bytes, at, to));
      field.to = wire.end;
    } else if (field.type === 1 || field.type === 5) {
      field.to = at + (field.type === 1 ? 8 : 4);
      if (field.to > to) throw new RangeError('the bytes end early');
    } else throw new RangeError(`wire type ${field.type}`);
    at = field.to;
    use(field);
  }
}

export function expect(field: Field, type: number): void {
  if (field.type !== type) throw new RangeError(`field ${field.number} has wire type ${field.type} instead of ${type}`);
}

const scratch = new DataView(new ArrayBuffer(8));

function doubleAt(bytes: Uint8Array, at: number): number {
  for (let i = 0; i < 8; i++) scratch.setUint8(i, bytes[at + i] as number);
  return scratch.getFloat64(0, true);
}

export function doubleOf(bytes: Uint8Array, field: Field): number {
  expect(field, 1);
  return doubleAt(bytes, field.from);
}

/** As a double, exact up to 2^53. */
export function unsignedOf(field: Field): number {
  expect(field, 0);
  return field.high * 2 ** 32 + field.low;
}

export function signedOf(field: Field): number {
  expect(field, 0);
  return fromHalves(field.low, field.high);
}

function fromHalves(low: number, high: number): number {
  return Number(BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low)));
}

/** ZigZag. */
export function zigZag(low: number, high: number): bigint {
  const whole = (BigInt(high) << 32n) | BigInt(low);
  return (whole >> 1n) ^ -(whole & 1n);
}

/** A repeated number: packed or not. @throws RangeError */
export function eachVarint(bytes: Uint8Array, field: Field, use: (low: number, high: number) => void): void {
  if (field.type === 0) {
    use(field.low, field.high);
    return;
  }
  expect(field, 2);
  for (let at = field.from; at < field.to; ) {
    at = sure(varint(bytes, at, field.to));
    use(wire.low, wire.high);
  }
}

export function eachDouble(bytes: Uint8Array, field: Field, use: (value: number) => void): void {
  if (field.type === 1) {
    use(doubleAt(bytes, field.from));
    return;
  }
  expect(field, 2);
  if ((field.to - field.from) % 8 !== 0) throw new RangeError(`field ${field.number} has half a double`);
  for (let at = field.from; at < field.to; at += 8) use(doubleAt(bytes, at));
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/** @throws RangeError where it is not UTF-8 */
export function textOf(bytes: Uint8Array, field: Field): string {
  expect(field, 2);
  try {
    return decoder.decode(bytes.subarray(field.from, field.to));
  } catch {
    throw new RangeError(`field ${field.number} is not UTF-8`);
  }
}
