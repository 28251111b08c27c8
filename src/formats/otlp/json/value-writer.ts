/** Strings, bytes, ids and numbers of JSON as protobuf. */
import { idBytes } from '../batch/read/exemplars.ts';
import type { ByteSink } from '../wire/byte-sink.ts';
import { type Field, temporalityNames } from '../wire/messages.ts';
import { parseBase64, parseDouble, parseHex, parseWhole } from './scalars.ts';
import { code, type Scanner } from './scanner.ts';

export interface ValueWriter {
  /** A field that has a length, and is no message. */
  string(field: Field): void;
  /** The content of a number or a boolean, without a tag. */
  number(field: Field): void;
}

export function createValueWriter(scanner: Scanner, sink: ByteSink, fail: (problem: string) => never): ValueWriter {
  function string({ kind, tag }: Field): void {
    scanner.string();
    if (kind !== 'string') writeBytes(sink, tag, parseBytes(kind, scanner.text()));
    else if (scanner.hasEscapes) sink.text(tag, scanner.text());
    else writeBytes(sink, tag, scanner.bytes, scanner.from, scanner.to);
  }

  function parseBytes(kind: Field['kind'], text: string): Uint8Array {
    if (kind === 'bytes') return parseBase64(text) ?? fail('got a string that is not base64');
    const size = kind === 'traceId' ? idBytes.trace : idBytes.span;
    return parseHex(text, size) ?? fail(`got an id that is not ${size * 2} hexadecimal digits`);
  }

  function number({ kind }: Field): void {
    sink.reserve(10);
    if (kind === 'bool') sink.byte(readBool() ? 1 : 0);
    else {
      const isString = scanner.peek() === code.quote;
      if (isString) scanner.string();
      else scanner.number();
      const text = scanner.text();
      if (kind === 'double')
        sink.double(parseDouble(text) ?? fail(`got ${shown(text)}; want a number, "NaN", "Infinity" or "-Infinity"`));
      else if (kind === 'enum' && isString) sink.varint(temporalityOf(text));
      else writeWhole(sink, kind, parseWhole(kind, text) ?? fail(`got ${shown(text)}; want an integer that is ${kind}`));
    }
  }

  function readBool(): boolean {
    const isTrue = scanner.peek() === code.t;
    scanner.word(isTrue ? 'true' : 'false');
    return isTrue;
  }

  function temporalityOf(text: string): number {
    const at = temporalityNames.indexOf(text as (typeof temporalityNames)[number]);
    return at === -1 ? fail(`got ${shown(text)}; want one of ${temporalityNames.join(', ')}`) : at;
  }

  return { string, number };
}

function writeBytes(sink: ByteSink, tag: number, bytes: Uint8Array, from = 0, to = bytes.length): void {
  sink.reserve(to - from + 16);
  sink.byte(tag);
  sink.varint(to - from);
  sink.copy(bytes, from, to);
}

function writeWhole(sink: ByteSink, kind: Field['kind'], value: bigint): void {
  const bits = BigInt.asUintN(64, value);
  if (kind === 'fixed64' || kind === 'sfixed64') sink.fixed64(Number(bits & 0xffffffffn), Number(bits >> 32n));
  else if (kind === 'sint32') sink.varint(Number((value << 1n) ^ (value >> 31n)));
  else writeVarint(sink, bits);
}

function shown(text: string): string {
  return JSON.stringify([...text.slice(0, 80)].slice(0, 40).join(''));
}

/** Unsigned. */
function writeVarint(sink: ByteSink, bits: bigint): void {
  let rest = bits;
  for (; rest > BigInt(Number.MAX_SAFE_INTEGER); rest >>= 7n) sink.byte(Number(rest & 127n) | 128);
  sink.varint(Number(rest));
}
