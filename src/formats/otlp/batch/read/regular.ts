/**
 * Protobuf in regular form (`batch-index.ts`), for senders that write it in another legal way: attributes with other fields
 * between them, numbers that are not packed, a message in several parts, tags of more bytes than needed, groups. Merging messages
 * is reading their parts one after the other. Unknown fields are left out. Written in slices. Errors of every request are found
 * here, because only here the path is known.
 */
import { ByteSink } from '../../wire/byte-sink.ts';
import { MalformedRequest } from '../../wire/malformed.ts';
import { anyValue, type Field, type Message, request } from '../../wire/messages.ts';
import { notCanonical, varint } from '../../wire/varint.ts';
import { deepest } from './attributes.ts';
import { idBytes } from './exemplars.ts';
import { type Effort, findFields, type Ranges, wireType } from './find-fields.ts';

/** A request while it is written in regular form. */
export interface Writing {
  /** Goes on for about so many fields. Whether it is done. Throws a `MalformedRequest` that names the location. */
  write(fields: number): boolean;
  readonly isDone: boolean;
  /** Bytes so far. */
  readonly size: number;
  /** The request. Called once, when it is done. */
  take(): Uint8Array;
}

/** What fields are copied from, and to. */
interface Copying {
  readonly bytes: Uint8Array;
  readonly sink: ByteSink;
  readonly fail: (problem: string, at: number) => never;
}

export function createWriting(bytes: Uint8Array): Writing {
  const sink = new ByteSink();
  /** Field names, and indexes in lists. */
  const path: (string | number)[] = [];
  const effort: Effort = { left: 0, elements: 0 };
  const copying: Copying = { sink, bytes, fail };
  const going = writeMessage(request, [0, bytes.length]);
  let depth = 0;
  let isDone = false;

  function fail(problem: string, at: number): never {
    const where = path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');
    throw new MalformedRequest(`${where === '' ? request.name : where} (byte ${at})`, problem);
  }

  function* writeMessage(message: Message, parts: Ranges): Generator<void, void> {
    if (message === anyValue && ++depth > deepest)
      fail(`values stand in one another more than ${deepest} deep`, parts[0] as number);
    const { fields, replaced } = yield* findFields(message, bytes, parts, effort, fail);
    for (const field of message.fields) {
      const ranges = fields[field.number];
      if (ranges !== undefined) yield* writeField(field, ranges);
    }
    // Only to be checked.
    const { at } = sink;
    for (const { field, places: ranges } of replaced) {
      if (--effort.left < 0) yield;
      yield* writeField(field, ranges);
    }
    sink.at = at;
    if (message === anyValue) depth--;
  }

  function* writeField(field: Field, ranges: Ranges): Generator<void, void> {
    path.push(field.protoName);
    if (field.repeated) yield* writeList(field, ranges);
    else if (field.message !== undefined) yield* writeNested(field, field.message(), ranges);
    else writeOne(copying, field, ranges[0] as number, ranges[1] as number);
    path.pop();
  }

  function* writeNested(field: Field, message: Message, parts: Ranges): Generator<void, void> {
    let size = 0;
    for (let part = 0; part < parts.length; part += 2) size += (parts[part + 1] as number) - (parts[part] as number);
    const room = size < 2 ** 7 ? 1 : size < 2 ** 14 ? 2 : size < 2 ** 21 ? 3 : 4;
    const opened = sink.open(field.number * 8 + 2, room);
    if (size > 0) yield* writeMessage(message, parts);
    sink.close(opened, room);
  }

  function* writeList(field: Field, ranges: Ranges): Generator<void, void> {
    const type = wireType(field);
    if (type !== 2) {
      writePacked(copying, field, type, ranges);
      return;
    }
    for (let offset = 0; offset < ranges.length; offset += 2) {
      if (--effort.left < 0) yield;
      path.push(offset / 2);
      const [from, to] = [ranges[offset] as number, ranges[offset + 1] as number];
      if (field.message === undefined) writeOne(copying, field, from, to);
      else yield* writeNested(field, field.message(), [from, to]);
      path.pop();
    }
  }

  sink.reserve(bytes.length);
  return {
    write(fields) {
      effort.left = fields;
      isDone = going.next().done === true;
      return isDone;
    },
    get isDone() {
      return isDone;
    },
    get size() {
      return sink.bytes.length;
    },
    take: () => sink.take(),
  };
}

/** Contents of several lists, or single numbers, are the content of one list. */
function writePacked({ sink, bytes, fail }: Copying, field: Field, type: number, ranges: Ranges): void {
  const opened = sink.open(field.number * 8 + 2);
  for (let offset = 0; offset < ranges.length; offset += 2) {
    const [from, to] = [ranges[offset] as number, ranges[offset + 1] as number];
    if (type === 1 && (to - from) % 8 !== 0) fail(`got ${to - from} bytes; want eight for each number`, from);
    for (let at = from; type === 0 && at < to; ) {
      const next = varint(bytes, at, to);
      if (next === notCanonical) fail('got a varint that does not end within ten bytes or its list', at);
      at = next;
    }
    copy(sink, bytes, from, to);
  }
  sink.close(opened);
}

function writeOne({ sink, bytes, fail }: Copying, field: Field, from: number, to: number): void {
  const wanted = field.kind === 'spanId' ? idBytes.span : field.kind === 'traceId' ? idBytes.trace : to - from;
  if (from !== to && to - from !== wanted) fail(`got ${to - from} bytes; want ${wanted}, or none`, from);
  const type = wireType(field);
  sink.reserve(16);
  sink.byte(field.number * 8 + type);
  if (type === 2) sink.varint(to - from);
  copy(sink, bytes, from, to);
}

function copy(sink: ByteSink, bytes: Uint8Array, from: number, to: number): void {
  sink.reserve(to - from);
  sink.copy(bytes, from, to);
}
