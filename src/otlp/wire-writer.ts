/** Writes protobuf's wire format. One scratch buffer serves every message: encoding is synchronous and copies its result out. */
const encoder = new TextEncoder();

interface WireWriter {
  /** Non-negative integer up to 2^53 - 1; a tag is the field number times 8, plus the wire type. */
  varint(value: number): void;
  /** `int64`: two's complement, so a negative number takes ten bytes. Safe integers only. */
  int64(value: number): void;
  double(value: number): void;
  string(text: string): void;
  /** Writes what `body` writes, with its length ahead. */
  nested(body: () => void): void;
  /** A copy of everything since `reset`. */
  finish(): Uint8Array;
  reset(): void;
}

export function createWireWriter(initialBytes = 1024): WireWriter {
  let bytes = new Uint8Array(initialBytes);
  let view = new DataView(bytes.buffer);
  let at = 0;

  function room(count: number): void {
    if (at + count <= bytes.length) return;
    const grown = new Uint8Array(Math.max(bytes.length * 2, at + count));
    grown.set(bytes);
    bytes = grown;
    view = new DataView(grown.buffer);
  }

  function varint(value: number): void {
    room(10);
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) bytes[at++] = (rest % 128) | 128;
    bytes[at++] = rest;
  }

  /** The ten bytes of 2^64 + value, by BigInt: negative attributes are rare. */
  function negative(value: number): void {
    room(10);
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 127n; rest >>= 7n) bytes[at++] = Number(rest & 127n) | 128;
    bytes[at++] = Number(rest);
  }

  function nested(body: () => void): void {
    const from = at;
    body();
    const length = at - from;
    const prefix = varintBytes(length);
    room(prefix);
    bytes.copyWithin(from + prefix, from, at);
    at = from;
    varint(length);
    at += length;
  }

  return Object.freeze({
    varint,
    int64: (value: number) => (value < 0 ? negative(value) : varint(value)),
    double(value: number): void {
      room(8);
      view.setFloat64(at, value, true);
      at += 8;
    },
    string(text: string): void {
      nested(() => {
        room(text.length * 3);
        at += encoder.encodeInto(text, bytes.subarray(at)).written;
      });
    },
    nested,
    finish: () => bytes.slice(0, at),
    reset(): void {
      at = 0;
    },
  });
}

function varintBytes(value: number): number {
  let count = 1;
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) count++;
  return count;
}
