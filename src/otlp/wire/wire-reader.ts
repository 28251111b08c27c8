/**
 * Reads protobuf's wire format. Bytes that end early or are no protobuf raise a `RangeError`, which code that reads foreign bytes catches
 * at the edge. A class, because attributes are read a row at a time by the thousand and a reader must cost one object.
 */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Strings up to this length are tried as ASCII by hand: a call of `TextDecoder` costs more than that. */
const shortText = 48;

export class WireReader {
  private readonly buffer: Uint8Array;
  private at: number;
  private end: number;

  constructor(bytes: Uint8Array) {
    this.buffer = bytes;
    this.at = 0;
    this.end = bytes.length;
  }

  /** At the end of the bytes, or of the message entered last. */
  get done(): boolean {
    return this.at >= this.end;
  }

  /** The next field: its number times 8, plus its wire type. */
  tag(): number {
    return this.varint();
  }

  /** Enters a nested message and returns what `leave` wants. */
  enter(): number {
    const length = this.varint();
    const outer = this.end;
    this.end = this.take(length) + length;
    this.at = this.end - length;
    return outer;
  }

  leave(outer: number): void {
    this.at = this.end;
    this.end = outer;
  }

  /** Non-negative; above 2^53 - 1 rounded to a double. */
  varint(): number {
    let value = 0;
    for (let factor = 1, count = 0; count < 10; factor *= 128, count++) {
      const byte = this.buffer[this.take(1)] as number;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
    throw new RangeError('cannot read protobuf: got a varint of more than 10 bytes; want at most 10');
  }

  /** `int64` as a double. A negative number sets all 64 bits, more than a double holds. */
  int64(): number {
    const from = this.at;
    const value = this.varint();
    return this.at - from < 10 ? value : Number(BigInt.asIntN(64, bigVarint(this.buffer, from)));
  }

  /** `int64` in decimal, to its last digit. */
  int64Text(): string {
    const from = this.at;
    const value = this.varint();
    return Number.isSafeInteger(value) ? String(value) : String(BigInt.asIntN(64, bigVarint(this.buffer, from)));
  }

  double(): number {
    const { buffer, byteOffset } = this.buffer;
    return new DataView(buffer, byteOffset).getFloat64(this.take(8), true);
  }

  /** What is behind a length: a view, not a copy. */
  bytes(): Uint8Array {
    const length = this.varint();
    const from = this.take(length);
    return this.buffer.subarray(from, from + length);
  }

  string(): string {
    const length = this.varint();
    const from = this.take(length);
    return shortAscii(this.buffer, from, from + length) ?? decoder.decode(this.buffer.subarray(from, from + length));
  }

  skip(type: number): void {
    if (type === 0) this.varint();
    else if (type === 1) this.take(8);
    else if (type === 2) this.take(this.varint());
    else if (type === 5) this.take(4);
    else throw new RangeError(`cannot read protobuf: got wire type ${type}; want 0, 1, 2 or 5`);
  }

  private take(count: number): number {
    const from = this.at;
    if (from + count > this.end) throw new RangeError(`cannot read protobuf: got ${this.end - from} bytes; want ${count}`);
    this.at = from + count;
    return from;
  }
}

function bigVarint(bytes: Uint8Array, from: number): bigint {
  let value = 0n;
  for (let index = 0; index < 10; index++) {
    const byte = bytes[from + index] as number;
    value |= BigInt(byte & 127) << BigInt(7 * index);
    if (byte < 128) break;
  }
  return value;
}

function shortAscii(bytes: Uint8Array, from: number, end: number): string | undefined {
  if (end - from > shortText) return undefined;
  let text = '';
  for (let index = from; index < end; index++) {
    const byte = bytes[index] as number;
    if (byte > 127) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}
