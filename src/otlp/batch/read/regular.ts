/**
 * Protobuf in regular form (`batch-index.ts`), for senders that write it in another legal way: attributes with other fields between them, numbers that are not
 * packed, a message in several parts, tags of more bytes than needed, groups. Merging messages is reading their parts one after the other. Unknown fields are left
 * out. Errors of every request are found here, because only here the path is known.
 */
import { ByteSink } from '../../wire/byte-sink.ts';
import { MalformedRequest } from '../../wire/malformed.ts';
import { anyValue, type Field, type Message, request } from '../../wire/messages.ts';
import { odd, varint } from '../../wire/varint.ts';
import { deepest } from './attributes.ts';
import { idBytes } from './exemplars.ts';
import { findFields, type Ranges, wireType } from './find-fields.ts';

/** The request in regular form. Throws a `MalformedRequest` that says where. */
export function regular(bytes: Uint8Array): Uint8Array {
  const sink = new ByteSink();
  /** Field names, and places in lists. */
  const path: (string | number)[] = [];
  let depth = 0;

  function fail(problem: string, at: number): never {
    const where = path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');
    throw new MalformedRequest(`${where === '' ? request.name : where} (byte ${at})`, problem);
  }

  function writeMessage(message: Message, parts: Ranges): void {
    if (message === anyValue && ++depth > deepest) fail(`values stand in one another more than ${deepest} deep`, parts[0] as number);
    const { fields, replaced } = findFields(message, bytes, parts, fail);
    for (const field of message.fields) {
      const places = fields[field.number];
      if (places !== undefined) writeField(field, places);
    }
    // Only to be checked.
    const { at } = sink;
    for (const { field, places } of replaced) writeField(field, places);
    sink.at = at;
    if (message === anyValue) depth--;
  }

  function writeField(field: Field, places: Ranges): void {
    path.push(field.protoName);
    if (field.repeated) writeList(field, places);
    else if (field.message !== undefined) writeNested(field, field.message(), places);
    else writeOne(field, places[0] as number, places[1] as number);
    path.pop();
  }

  function writeNested(field: Field, message: Message, parts: Ranges): void {
    let size = 0;
    for (let part = 0; part < parts.length; part += 2) size += (parts[part + 1] as number) - (parts[part] as number);
    const room = size < 2 ** 7 ? 1 : size < 2 ** 14 ? 2 : size < 2 ** 21 ? 3 : 4;
    const opened = sink.open(field.number * 8 + 2, room);
    if (size > 0) writeMessage(message, parts);
    sink.close(opened, room);
  }

  function writeList(field: Field, places: Ranges): void {
    const type = wireType(field);
    if (type !== 2) {
      writePacked(field, type, places);
      return;
    }
    for (let place = 0; place < places.length; place += 2) {
      path.push(place / 2);
      const [from, to] = [places[place] as number, places[place + 1] as number];
      if (field.message === undefined) writeOne(field, from, to);
      else writeNested(field, field.message(), [from, to]);
      path.pop();
    }
  }

  /** Contents of several lists, or single numbers, are the content of one list. */
  function writePacked(field: Field, type: number, places: Ranges): void {
    const opened = sink.open(field.number * 8 + 2);
    for (let place = 0; place < places.length; place += 2) {
      const [from, to] = [places[place] as number, places[place + 1] as number];
      if (type === 1 && (to - from) % 8 !== 0) fail(`got ${to - from} bytes; want eight for each number`, from);
      for (let at = from; type === 0 && at < to; ) {
        const next = varint(bytes, at, to);
        if (next === odd) fail('got a varint that does not end within ten bytes or its list', at);
        at = next;
      }
      copy(from, to);
    }
    sink.close(opened);
  }

  function writeOne(field: Field, from: number, to: number): void {
    const wanted = field.kind === 'spanId' ? idBytes.span : field.kind === 'traceId' ? idBytes.trace : to - from;
    if (from !== to && to - from !== wanted) fail(`got ${to - from} bytes; want ${wanted}, or none`, from);
    const type = wireType(field);
    sink.reserve(16);
    sink.byte(field.number * 8 + type);
    if (type === 2) sink.varint(to - from);
    copy(from, to);
  }

  function copy(from: number, to: number): void {
    sink.reserve(to - from);
    sink.copy(bytes, from, to);
  }

  writeMessage(request, [0, bytes.length]);
  return sink.take();
}
