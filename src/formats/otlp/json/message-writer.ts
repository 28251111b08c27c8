/** A message of JSON as protobuf, in one go; the path to what is read; how much a request has in it. */
import { deepest } from '../batch/read/attributes.ts';
import { manyElements, mostElements } from '../batch/read/elements.ts';
import { ByteSink } from '../wire/byte-sink.ts';
import { MalformedRequest } from '../wire/malformed.ts';
import { anyValue, type Field, hasLength, type Message } from '../wire/messages.ts';
import { code, Scanner } from './scanner.ts';
import { createValueWriter } from './value-writer.ts';

/** Bytes that the length of a message usually takes: of a value and its parts, and of all else. */
const room = { value: 1, other: 2 } as const;
/** Lists whose items are elements. */
const elementLists: ReadonlySet<string> = new Set(['resourceMetrics', 'scopeMetrics', 'metrics', 'values']);

export interface MessageWriter {
  readonly scanner: Scanner;
  readonly sink: ByteSink;
  /** Field names, and indexes in lists: to what is being read. */
  readonly path: (string | number)[];
  readonly fail: (problem: string) => never;
  /** The field whose value is next. Undefined: it was passed over. */
  nextField(message: Message): Field | undefined;
  /** The value of a field, or one of its list. */
  writeField(field: Field): void;
  /** A value of a list begins. */
  countElement(field: Field): void;
}

export function createMessageWriter(text: Uint8Array): MessageWriter {
  const path: (string | number)[] = [];
  const sink = new ByteSink();
  const scanner = new Scanner(text, fail);
  const values = createValueWriter(scanner, sink, fail);
  let depth = 0;
  let elements = 0;

  function fail(problem: string): never {
    const where = path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');
    throw new MalformedRequest(`${where === '' ? 'JSON' : where} (byte ${scanner.at})`, problem, scanner.at);
  }

  function writeMessage(message: Message): void {
    if (message === anyValue && ++depth > deepest) fail(`got values in one another more than ${deepest} deep`);
    scanner.enter(code.open, 'an object');
    for (let count = 0; scanner.goesOn(count, code.close); count++) {
      const field = nextField(message);
      if (field === undefined) continue;
      path.push(field.name);
      if (field.repeated) writeList(field);
      else writeField(field);
      path.pop();
    }
    if (message === anyValue) depth--;
  }

  function nextField(message: Message): Field | undefined {
    const field = message.byName.get(scanner.key());
    if (field === undefined) scanner.skip();
    else if (scanner.peek() === code.n) scanner.word('null');
    else return field;
    return undefined;
  }

  function countElement({ name }: Field): void {
    if (elementLists.has(name) && ++elements > mostElements) fail(manyElements);
  }

  function writeList(field: Field): void {
    const isPacked = !hasLength(field.kind);
    const opened = isPacked ? sink.open(field.tag) : 0;
    scanner.enter(code.openList, 'a list');
    for (let count = 0; scanner.goesOn(count, code.closeList); count++) {
      path.push(count);
      if (depth > 0) countElement(field);
      if (isPacked) values.number(field);
      else writeField(field);
      path.pop();
    }
    if (isPacked) sink.close(opened);
  }

  function writeField(field: Field): void {
    if (field.message !== undefined) {
      const message = field.message();
      const space = message === anyValue || depth > 0 || message.name === 'KeyValue' ? room.value : room.other;
      const opened = sink.open(field.tag, space);
      writeMessage(message);
      sink.close(opened, space);
    } else if (hasLength(field.kind)) values.string(field);
    else {
      sink.reserve(1);
      sink.byte(field.tag);
      values.number(field);
    }
  }

  return { scanner, sink, path, fail, nextField, writeField, countElement };
}
