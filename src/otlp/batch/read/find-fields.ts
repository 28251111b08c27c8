/** The fields of a message, wherever they stand in its parts. */
import type { Field, Message } from '../../wire/messages.ts';
import { hasLength } from '../../wire/read-message.ts';
import { content, odd, varint, wire } from '../../wire/varint.ts';
import { deepest } from './attributes.ts';

/** Places in pairs: from and to. */
export type Ranges = readonly number[];

/** Throws, and says where. */
export type Fail = (problem: string, at: number) => never;

const types = { varint: 0, fixed64: 1, length: 2, group: 3, groupEnd: 4, fixed32: 5 } as const;

export function wireType({ kind }: Field): number {
  if (hasLength(kind)) return types.length;
  return kind === 'double' || kind === 'fixed64' || kind === 'sfixed64' ? types.fixed64 : types.varint;
}

export interface Found {
  /**
   * By field number, the contents of each known field: all of a message or a list, else the last one; of a `oneof`, those of the member that comes last, since it was
   * set. A packed list is one content.
   */
  readonly fields: readonly (Ranges | undefined)[];
  /** Messages of a `oneof` that another member replaced. */
  readonly replaced: readonly { readonly field: Field; readonly places: Ranges }[];
}

const none: Found['replaced'] = [];

export function findFields(message: Message, bytes: Uint8Array, parts: Ranges, fail: Fail): Found {
  const found: (number[] | undefined)[] = [];
  let replaced: { field: Field; places: Ranges }[] | undefined;
  let chosen = 0;
  for (let part = 0; part < parts.length; part += 2) {
    const to = parts[part + 1] as number;
    for (let at = parts[part] as number; at < to; ) {
      const start = varint(bytes, at, to);
      if (start === odd || wire.high !== 0 || wire.low < 8) return fail('got no tag of a field; want a number above 0 and a wire type', at);
      const number = wire.low >>> 3;
      const type = wire.low & 7;
      const field = message.byNumber[number];
      if (field !== undefined) checkType(field, type, at, fail);
      const end = skip(bytes, start, to, type, number, fail);
      if (field !== undefined) {
        if (field.oneof && chosen !== number) {
          const [before, places] = [message.byNumber[chosen], found[chosen]];
          if (before?.kind === 'message' && places !== undefined) {
            replaced ??= [];
            replaced.push({ field: before, places });
          }
          found[chosen] = undefined;
          chosen = number;
        }
        const from = type === types.length ? content(bytes, start, end) : start;
        const places = found[number];
        if (places !== undefined && (field.repeated || field.kind === 'message')) places.push(from, end);
        else found[number] = [from, end];
      }
      at = end;
    }
  }
  return { fields: found, replaced: replaced ?? none };
}

function checkType(field: Field, type: number, at: number, fail: Fail): void {
  const wanted = wireType(field);
  if (type === wanted || (field.repeated && type === types.length)) return;
  fail(`field ${field.number} (${field.protoName}) has wire type ${type}; want ${wanted}`, at);
}

/** The place behind the content of a field. */
function skip(bytes: Uint8Array, at: number, to: number, type: number, number: number, fail: Fail): number {
  if (type === types.group) return skipGroup(bytes, at, to, number, fail);
  const end = plainEnd(bytes, at, to, type);
  if (end !== odd) return end;
  if (type === types.length && varint(bytes, at, to) !== odd) {
    const wanted = wire.high * 2 ** 32 + wire.low;
    return fail(`field ${number} has ${wanted} bytes by its length, and fewer are left of its message`, at);
  }
  if (type === types.varint || type === types.length)
    return fail(`field ${number} has a varint that does not end within ten bytes or its message`, at);
  if (type === types.fixed64 || type === types.fixed32)
    return fail(`field ${number} is cut off: want ${type === types.fixed64 ? 8 : 4} bytes`, at);
  return fail(`field ${number} has wire type ${type}; want 0, 1, 2 or 5`, at);
}

/** `odd` for a group, too. */
function plainEnd(bytes: Uint8Array, at: number, to: number, type: number): number {
  if (type === types.varint) return varint(bytes, at, to);
  if (type === types.length) return content(bytes, at, to) === odd ? odd : wire.end;
  const end = type === types.fixed64 ? at + 8 : type === types.fixed32 ? at + 4 : to + 1;
  return end > to ? odd : end;
}

/** A group ends with its own number; others may stand in it. */
function skipGroup(bytes: Uint8Array, from: number, to: number, outermost: number, fail: Fail): number {
  const open = [outermost];
  for (let at = from; at < to; ) {
    const start = varint(bytes, at, to);
    if (start === odd || wire.high !== 0 || wire.low < 8) return fail(`group ${outermost} holds no tag where one is due`, at);
    const number = wire.low >>> 3;
    const type = wire.low & 7;
    if (type === types.groupEnd) {
      if (open.pop() !== number) return fail(`group ${outermost} is not closed by its own number`, at);
      if (open.length === 0) return start;
      at = start;
    } else if (type === types.group) {
      open.push(number);
      if (open.length > deepest) return fail(`groups stand in one another more than ${deepest} deep`, at);
      at = start;
    } else at = skip(bytes, start, to, type, number, fail);
  }
  return fail(`group ${outermost} does not end`, from);
}
