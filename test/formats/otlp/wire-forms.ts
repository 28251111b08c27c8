/**
 * Random requests in every form that protobuf allows: fields in any order, twice, packed and not, messages in parts, tags and
 * lengths of more bytes than needed, unknown fields and groups. What to write comes from the generated decoder's own types, every
 * choice from a list of random bytes, which fast-check can shrink.
 */
import protobuf from 'protobufjs';

export class Choices {
  private at = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Below `count`; 0 when all are used up. */
  next(count: number): number {
    return (this.bytes[this.at++] ?? 0) % count;
  }

  take(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.next(256));
  }
}

const packed = new Set(['double', 'fixed64', 'uint64']);
const wireTypes: Readonly<Record<string, number>> = { double: 1, fixed64: 1, sfixed64: 1, string: 2, bytes: 2 };
const strings = ['', 'a', 'service.name', 'é', '日本', '𝒳', '\u0000', 'x'.repeat(130), `${'y'.repeat(20)}ß`];
/** Deeper values are strings. */
const deepestValue = 5;

export function writeRandom(type: protobuf.Type, choices: Choices, depth = 0): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let count = choices.next(type.name === 'AnyValue' ? 3 : 7); count > 0; count--) {
    if (choices.next(20) === 0) parts.push(unknownField(choices));
    else parts.push(...writeField(type.fieldsArray[choices.next(type.fieldsArray.length)] as protobuf.Field, choices, depth));
  }
  if (type.name === 'HistogramDataPoint' && choices.next(3) > 0) parts.push(...buckets(type, choices));
  return Buffer.concat(parts);
}

/** Bounds that ascend, and one count more. */
function buckets(type: protobuf.Type, choices: Choices): Uint8Array[] {
  const bounds = choices.next(5);
  const [counts, limits] = [type.fields.bucketCounts, type.fields.explicitBounds] as [protobuf.Field, protobuf.Field];
  const contents = (field: protobuf.Field, all: readonly Uint8Array[]) => asList(field, all, choices);
  const ascending = Array.from({ length: bounds }, (_, index) => double(index * 2.5 - 3));
  return [
    ...contents(
      counts,
      Array.from({ length: bounds + 1 }, () => scalar('fixed64', choices)),
    ),
    ...contents(limits, ascending),
  ];
}

function writeField(given: protobuf.Field, choices: Choices, depth: number): Uint8Array[] {
  const field = given.resolve();
  const type = field.resolvedType;
  if (type instanceof protobuf.Type) {
    if (type.name === 'ArrayValue' || type.name === 'KeyValueList') {
      if (depth >= deepestValue) return [];
      return [lengthField(field.id, writeRandom(type, choices, depth + 1), choices)];
    }
    // What leads to points comes in numbers.
    const times = field.repeated ? 1 + choices.next(3) : 1;
    return Array.from({ length: times }, () => lengthField(field.id, writeRandom(type, choices, depth), choices));
  }
  const kind = type instanceof protobuf.Enum ? 'int32' : field.type;
  if (!field.repeated) return [single(field, kind, choices)];
  if (!packed.has(kind)) return [single(field, kind, choices)];
  const contents = Array.from({ length: choices.next(4) }, () => scalar(kind, choices));
  return asList(field, contents, choices);
}

function asList(field: protobuf.Field, contents: readonly Uint8Array[], choices: Choices): Uint8Array[] {
  if (choices.next(4) > 0) return [lengthField(field.id, Buffer.concat(contents), choices)];
  return contents.map((content) => Buffer.concat([tag(field.id, wireTypes[field.type] ?? 0, choices), content]));
}

function single(field: protobuf.Field, kind: string, choices: Choices): Uint8Array {
  const type = wireTypes[kind] ?? 0;
  if (type !== 2) return Buffer.concat([tag(field.id, type, choices), scalar(kind, choices)]);
  if (kind === 'string') return lengthField(field.id, Buffer.from(strings[choices.next(strings.length)] as string), choices);
  const length = field.name === 'spanId' ? 8 : field.name === 'traceId' ? 16 : choices.next(6);
  return lengthField(field.id, choices.take(choices.next(5) === 0 ? 0 : length), choices);
}

function scalar(kind: string, choices: Choices): Uint8Array {
  if (wireTypes[kind] === 1)
    return choices.next(2) === 0 ? choices.take(8) : kind === 'double' ? double(choices.next(256) - 128.5) : small(choices);
  // A signed 32-bit number is written with the bits of a 64-bit one, as protobuf does.
  if (kind === 'int32') return varint(BigInt(choices.next(4)), choices);
  const bits = kind === 'bool' ? 1 : kind === 'uint32' || kind === 'sint32' ? 32 : 64;
  const value = choices.next(3) === 0 ? Buffer.from(choices.take(8)).readBigUInt64LE() : BigInt(choices.next(256));
  return varint(BigInt.asUintN(bits, value), choices);
}

function small(choices: Choices): Uint8Array {
  return Uint8Array.of(choices.next(256), 0, 0, 0, 0, 0, 0, 0);
}

function double(value: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}

function varint(value: bigint, choices: Choices): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  if (bytes.length < 4 && choices.next(40) === 1) {
    bytes[bytes.length - 1] = (bytes.at(-1) as number) | 128;
    bytes.push(0);
  }
  return Uint8Array.from(bytes);
}

function tag(number: number, type: number, choices: Choices): Uint8Array {
  return varint(BigInt(number * 8 + type), choices);
}

function lengthField(number: number, content: Uint8Array, choices: Choices): Uint8Array {
  return Buffer.concat([tag(number, 2, choices), varint(BigInt(content.length), choices), content]);
}

function unknownField(choices: Choices): Uint8Array {
  const number = 20 + choices.next(200);
  const type = choices.next(5);
  if (type === 0) return Buffer.concat([tag(number, 0, choices), scalar('uint64', choices)]);
  if (type === 1) return Buffer.concat([tag(number, 1, choices), choices.take(8)]);
  if (type === 2) return lengthField(number, choices.take(choices.next(9)), choices);
  if (type === 3)
    return Buffer.concat([tag(number, 3, choices), tag(7, 0, choices), scalar('uint64', choices), tag(number, 4, choices)]);
  return Buffer.concat([tag(number, 5, choices), choices.take(4)]);
}
