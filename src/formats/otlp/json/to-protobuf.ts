/**
 * OTLP in JSON as protobuf: names in lowerCamelCase or as in the .proto files, enumerations by number or name, 64-bit integers as
 * strings or numbers, NaN and the infinities as strings, ids in hexadecimal, bytes in base64 (OTLP 1.x, "JSON Protobuf
 * Encoding"). Null is a field that is not set; unknown ones are ignored.
 */
import { isUtf8 } from 'node:buffer';
import { type Field, type Message, request } from '../wire/messages.ts';
import { createMessageWriter } from './message-writer.ts';
import { code } from './scanner.ts';

/** Bytes that the length of what has points usually takes: where much text follows, and else. */
const room = { long: 3, short: 2 } as const;
/** Text of about 16 KiB of protobuf. */
const long = 65_536;

/** Messages that may have any number of points in them. They are read in slices; others in one go. */
const levels: ReadonlySet<string> = new Set([
  ...['ExportMetricsServiceRequest', 'ResourceMetrics', 'ScopeMetrics', 'Metric'],
  ...['Gauge', 'Sum', 'Histogram', 'ExponentialHistogram', 'Summary'],
]);

/** Throws a `MalformedRequest` that names the path, as `resourceMetrics[0].resource`. */
export function jsonToProtobuf(text: Uint8Array): Uint8Array {
  return createJsonReader(text).read(Number.POSITIVE_INFINITY) as Uint8Array;
}

/** Reads JSON in slices; `jsonToProtobuf` in one. */
export interface JsonReader {
  /** Reads on for about so many bytes. Undefined: there is more. Throws as `jsonToProtobuf`; not to be called again then. */
  read(bytes: number): Uint8Array | undefined;
  /** Bytes of the protobuf so far. */
  readonly held: number;
}

export function createJsonReader(text: Uint8Array): JsonReader {
  const { path, sink, scanner, fail, nextField, writeField, countElement } = createMessageWriter(text);
  const going = readRequest();
  let until = 0;

  /** A message that is one of `levels`. */
  function* writeLevel(message: Message): Generator<void, void> {
    scanner.enter(code.open, 'an object');
    for (let count = 0; scanner.goesOn(count, code.close); count++) {
      const field = nextField(message);
      if (field !== undefined) {
        path.push(field.name);
        if (field.repeated) yield* writeLevelList(field);
        else if (field.message !== undefined && levels.has(field.message().name)) yield* writeNestedLevel(field, field.message());
        else writeField(field);
        path.pop();
      }
      scanner.parts = 0;
      if (scanner.at >= until) yield;
    }
  }

  function* writeLevelList(field: Field): Generator<void, void> {
    const message = field.message?.() as Message;
    const isLevel = levels.has(message.name);
    scanner.enter(code.openList, 'a list');
    for (let count = 0; scanner.goesOn(count, code.closeList); count++) {
      path.push(count);
      scanner.parts = 0;
      countElement(field);
      if (isLevel) yield* writeNestedLevel(field, message);
      else writeField(field);
      path.pop();
      if (scanner.at >= until) yield;
    }
  }

  function* writeNestedLevel(field: Field, message: Message): Generator<void, void> {
    const space = text.length - scanner.at > long ? room.long : room.short;
    const opened = sink.open(field.number * 8 + 2, space);
    yield* writeLevel(message);
    sink.close(opened, space);
  }

  function* readRequest(): Generator<void, void> {
    if (!isUtf8(text)) fail('the JSON is not valid UTF-8');
    // Growing is copying.
    if (text.length > long) sink.reserve(text.length >> 1);
    if (text.length > until) yield;
    yield* writeLevel(request);
    if (scanner.peek() !== -1) fail(`got ${scanner.shown()} behind the request; want nothing`);
  }

  return {
    read(bytes) {
      until = scanner.at + bytes;
      return going.next().done === true ? sink.take() : undefined;
    },
    get held() {
      return sink.bytes.length;
    },
  };
}
