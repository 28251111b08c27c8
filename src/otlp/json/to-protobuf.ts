/**
 * OTLP in JSON as protobuf: names in lowerCamelCase or as in the .proto files, enumerations by number or name, 64-bit integers as strings or numbers, NaN and the
 * infinities as strings, ids in hexadecimal, bytes in base64 (OTLP 1.x, "JSON Protobuf Encoding"). Null is a field that is not set; unknown ones are ignored.
 */
import { isUtf8 } from 'node:buffer';
import { deepest } from '../batch/read/attributes.ts';
import { idBytes } from '../batch/read/exemplars.ts';
import { ByteSink } from '../wire/byte-sink.ts';
import { MalformedRequest } from '../wire/malformed.ts';
import { anyValue, type Field, type Message, request, temporalityNames } from '../wire/messages.ts';
import { hasLength } from '../wire/read-message.ts';
import { parseBase64, parseDouble, parseHex, parseWhole } from './scalars.ts';
import { code, Scanner } from './scanner.ts';

/** Bytes that the length of a message usually takes: of a value and its parts, and of all else. */
const room = { value: 1, other: 2 } as const;

/** Throws a `MalformedRequest` that names the path, as `resourceMetrics[0].resource`. */
export function jsonToProtobuf(text: Uint8Array): Uint8Array {
  const path: (string | number)[] = [];
  const sink = new ByteSink();
  const scanner = new Scanner(text, fail);
  let depth = 0;

  function fail(problem: string): never {
    const where = path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');
    throw new MalformedRequest(`${where === '' ? 'JSON' : where} (byte ${scanner.at})`, problem);
  }

  function writeMessage(message: Message): void {
    if (message === anyValue && ++depth > deepest) fail(`got values in one another more than ${deepest} deep`);
    scanner.enter(code.open, 'an object');
    for (let count = 0; scanner.goesOn(count, code.close); count++) {
      const field = message.byName.get(scanner.key());
      if (field === undefined) scanner.skip();
      else if (scanner.peek() === code.n) scanner.word('null');
      else {
        path.push(field.name);
        if (field.repeated) writeList(field);
        else writeField(field);
        path.pop();
      }
    }
    if (message === anyValue) depth--;
  }

  function writeList(field: Field): void {
    const isPacked = !hasLength(field.kind);
    const opened = isPacked ? sink.open(field.number * 8 + 2) : 0;
    scanner.enter(code.openList, 'a list');
    for (let count = 0; scanner.goesOn(count, code.closeList); count++) {
      path.push(count);
      if (isPacked) writeNumber(field);
      else writeField(field);
      path.pop();
    }
    if (isPacked) sink.close(opened);
  }

  function writeField(field: Field): void {
    if (field.message !== undefined) {
      const message = field.message();
      const space = message === anyValue || depth > 0 || message.name === 'KeyValue' ? room.value : room.other;
      const opened = sink.open(field.number * 8 + 2, space);
      writeMessage(message);
      sink.close(opened, space);
    } else if (hasLength(field.kind)) writeString(field);
    else {
      const isFixed = field.kind === 'double' || field.kind === 'fixed64' || field.kind === 'sfixed64';
      sink.reserve(1);
      sink.byte(field.number * 8 + (isFixed ? 1 : 0));
      writeNumber(field);
    }
  }

  function writeString({ kind, number }: Field): void {
    scanner.string();
    if (kind !== 'string') writeBytes(number, parseBytes(kind, scanner.text()));
    else if (scanner.hasEscapes) sink.text(number * 8 + 2, scanner.text());
    else writeBytes(number, scanner.bytes, scanner.from, scanner.to);
  }

  function writeBytes(number: number, bytes: Uint8Array, from = 0, to = bytes.length): void {
    sink.reserve(to - from + 16);
    sink.byte(number * 8 + 2);
    sink.varint(to - from);
    sink.copy(bytes, from, to);
  }

  function parseBytes(kind: Field['kind'], text: string): Uint8Array {
    if (kind === 'bytes') return parseBase64(text) ?? fail('got a string that is not base64');
    const size = kind === 'traceId' ? idBytes.trace : idBytes.span;
    return parseHex(text, size) ?? fail(`got an id that is not ${size * 2} hexadecimal digits`);
  }

  /** Its content, without a tag. */
  function writeNumber({ kind }: Field): void {
    sink.reserve(10);
    if (kind === 'bool') sink.byte(readBool() ? 1 : 0);
    else {
      const isString = scanner.peek() === code.quote;
      if (isString) scanner.string();
      else scanner.number();
      const text = scanner.text();
      if (kind === 'double') sink.double(parseDouble(text) ?? fail(`got ${shown(text)}; want a number, "NaN", "Infinity" or "-Infinity"`));
      else if (kind === 'enum' && isString) sink.varint(temporalityOf(text));
      else writeWhole(kind, parseWhole(kind, text) ?? fail(`got ${shown(text)}; want an integer that is ${kind}`));
    }
  }

  function writeWhole(kind: Field['kind'], value: bigint): void {
    const bits = BigInt.asUintN(64, value);
    if (kind === 'fixed64' || kind === 'sfixed64') sink.fixed64(Number(bits & 0xffffffffn), Number(bits >> 32n));
    else if (kind === 'sint32') sink.varint(Number((value << 1n) ^ (value >> 31n)));
    else writeVarint(sink, bits);
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

  if (!isUtf8(text)) fail('the JSON is not valid UTF-8');
  writeMessage(request);
  if (scanner.peek() !== -1) fail(`got ${scanner.shown()} behind the request; want nothing`);
  return sink.take();
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
