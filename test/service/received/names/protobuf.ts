/** OTLP's messages as bytes, written from metrics.proto and common.proto for tests. */
export type Value = string | number | bigint | boolean | null | Uint8Array | readonly Value[] | ReadonlyMap<string, Value>;
export type Attributes = Readonly<Record<string, Value>>;

const utf8 = new TextEncoder();

function joined(...parts: readonly (readonly number[] | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

export function message(field: number, content: Uint8Array): Uint8Array {
  return joined(varint(BigInt(field * 8 + 2)), varint(BigInt(content.length)), content);
}

function text(field: number, value: string): Uint8Array {
  return message(field, utf8.encode(value));
}

/** `AnyValue`. A whole number is an `int_value`. */
export function anyValue(value: Value): Uint8Array {
  if (value === null) return joined();
  if (typeof value === 'string') return text(1, value);
  if (typeof value === 'boolean') return joined([16, value ? 1 : 0]);
  if (typeof value === 'bigint') return joined([24], varint(value));
  if (typeof value === 'number') return Number.isInteger(value) ? joined([24], varint(BigInt(value))) : double(value);
  if (value instanceof Uint8Array) return message(7, value);
  if (value instanceof Map) return message(6, joined(...[...value].map(([key, one]) => keyValue(1, key, one))));
  return message(5, joined(...(value as readonly Value[]).map((one) => message(1, anyValue(one)))));
}

function double(value: number): Uint8Array {
  const bytes = new Uint8Array(9);
  bytes[0] = 33;
  new DataView(bytes.buffer).setFloat64(1, value, true);
  return bytes;
}

function keyValue(field: number, key: string, value: Value): Uint8Array {
  return message(field, joined(text(1, key), message(2, anyValue(value))));
}

/** `KeyValue` fields; a point's have the number 7. */
export function attributes(pairs: Attributes, field = 7): Uint8Array {
  return joined(...Object.entries(pairs).map(([key, value]) => keyValue(field, key, value)));
}

/** `Resource`. */
export function resource(pairs: Attributes): Uint8Array {
  return attributes(pairs, 1);
}

/** `InstrumentationScope`. */
export function scope(name: string, version = '', pairs: Attributes = {}): Uint8Array {
  return joined(text(1, name), text(2, version), attributes(pairs, 3));
}
