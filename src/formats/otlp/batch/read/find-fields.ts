/** The fields of a message, wherever they are in its parts. */
import { type Field, hasLength, type Message, request } from '../../wire/messages.ts';
import { content, notCanonical, varint, wire } from '../../wire/varint.ts';
import { deepest } from './attributes.ts';
import { mostElements, mostParts, mostPoints, tooManyElements, tooManyParts } from './elements.ts';

/** Offsets in pairs: from and to. */
export type Ranges = readonly number[];

/** Throws an error that names the offset. */
export type Fail = (problem: string, at: number) => never;

const types = { varint: 0, fixed64: 1, length: 2, group: 3, groupEnd: 4, fixed32: 5 } as const;

export function wireType({ kind }: Field): number {
  if (hasLength(kind)) return types.length;
  return kind === 'double' || kind === 'fixed64' || kind === 'sfixed64' ? types.fixed64 : types.varint;
}

export interface Found {
  /**
   * By field number, the contents of each known field: all of a message or a list, else the last one; of a `oneof`, those of the
   * member that comes last, since it was set. A packed list is one content.
   */
  readonly fields: readonly (Ranges | undefined)[];
  /** Messages of a `oneof` that another member replaced, which are only checked. */
  readonly replaced: readonly { readonly field: Field; readonly places: Ranges }[];
}

/** What the request has cost so far. */
export interface Effort {
  /** Fields until the next pause. */
  left: number;
  /** As in `elements.ts`. */
  elements: number;
}

/** In a list of its own: points, attributes, exemplars and quantiles have limits of their own. */
const owned: ReadonlySet<string> = new Set([
  'data_points',
  'attributes',
  'filtered_attributes',
  'metadata',
  'exemplars',
  'quantile_values',
]);

export function* findFields(
  message: Message,
  bytes: Uint8Array,
  parts: Ranges,
  effort: Effort,
  fail: Fail,
): Generator<void, Found> {
  const notes: Notes = { message, fields: [], replaced: [], chosen: 0 };
  for (let part = 0; part < parts.length; part += 2) {
    const to = parts[part + 1] as number;
    for (let at = parts[part] as number; at < to; ) {
      if (--effort.left < 0) yield;
      const start = varint(bytes, at, to);
      if (start === notCanonical || wire.high !== 0 || wire.low < 8)
        return fail('got no tag of a field; want a number above 0 and a wire type', at);
      const number = wire.low >>> 3;
      const type = wire.low & 7;
      const field = message.byNumber[number];
      if (field !== undefined) checkType(field, type, at, fail);
      const end = skip(bytes, start, to, type, number, effort, fail);
      if (field === undefined) count(effort, at);
      else {
        checkCount(notes, field, effort, at);
        note(notes, field, type === types.length ? content(bytes, start, end) : start, end);
      }
      at = end;
    }
  }
  return notes;
}

/** What is found while it is looked for. */
interface Notes extends Found {
  readonly message: Message;
  readonly fields: (number[] | undefined)[];
  readonly replaced: { readonly field: Field; readonly places: Ranges }[];
  /** Of the `oneof`. */
  chosen: number;
}

function note(notes: Notes, field: Field, from: number, end: number): void {
  const { message, fields, replaced, chosen } = notes;
  const { number, oneof, repeated } = field;
  const isMessage = field.kind === 'message';
  if (oneof && chosen !== number) {
    const [before, places] = [message.byNumber[chosen], fields[chosen]];
    const isEmpty = places === undefined || (places.length === 2 && places[0] === places[1]);
    if (before?.kind === 'message' && !isEmpty) replaced.push({ field: before, places });
    fields[chosen] = undefined;
    notes.chosen = number;
  }
  const places = fields[number];
  if (places === undefined || !(repeated || isMessage)) fields[number] = [from, end];
  // Merging with nothing changes nothing.
  else if (repeated || from !== end) places.push(from, end);
}

function count(effort: Effort, at: number): void {
  if (++effort.elements > mostElements) throw tooManyElements(`${request.name} (byte ${at})`);
}

/** Counts what is held for each field that is found. */
function checkCount(
  { message, fields, chosen }: Notes,
  { number, repeated, protoName, kind, oneof }: Field,
  effort: Effort,
  at: number,
): void {
  const before = fields[number];
  if (repeated && owned.has(protoName)) {
    const most = protoName === 'data_points' ? mostPoints : mostParts;
    if (before !== undefined && before.length >= 2 * most) throw tooManyParts(`${message.name} (byte ${at})`);
  } else if (repeated || (kind === 'message' && (before !== undefined || (oneof && chosen !== 0)))) count(effort, at);
}

function checkType(field: Field, type: number, at: number, fail: Fail): void {
  const wanted = wireType(field);
  if (type === wanted || (field.repeated && type === types.length)) return;
  fail(`field ${field.number} (${field.protoName}) has wire type ${type}; want ${wanted}`, at);
}

/** The offset after the content of a field. */
function skip(bytes: Uint8Array, at: number, to: number, type: number, number: number, effort: Effort, fail: Fail): number {
  if (type === types.group) return skipGroup(bytes, at, to, number, effort, fail);
  const end = plainEnd(bytes, at, to, type);
  if (end !== notCanonical) return end;
  if (type === types.length && varint(bytes, at, to) !== notCanonical) {
    const wanted = wire.high * 2 ** 32 + wire.low;
    return fail(`field ${number} has ${wanted} bytes by its length, and fewer are left of its message`, at);
  }
  if (type === types.varint || type === types.length)
    return fail(`field ${number} has a varint that does not end within ten bytes or its message`, at);
  if (type === types.fixed64 || type === types.fixed32)
    return fail(`field ${number} is cut off: want ${type === types.fixed64 ? 8 : 4} bytes`, at);
  return fail(`field ${number} has wire type ${type}; want 0, 1, 2 or 5`, at);
}

/** `notCanonical` for a group, too. */
function plainEnd(bytes: Uint8Array, at: number, to: number, type: number): number {
  if (type === types.varint) return varint(bytes, at, to);
  if (type === types.length) return content(bytes, at, to) === notCanonical ? notCanonical : wire.end;
  const end = type === types.fixed64 ? at + 8 : type === types.fixed32 ? at + 4 : to + 1;
  return end > to ? notCanonical : end;
}

/** A group ends with its own number; it may contain others. */
function skipGroup(bytes: Uint8Array, from: number, to: number, outermost: number, effort: Effort, fail: Fail): number {
  const open = [outermost];
  for (let at = from; at < to; ) {
    const start = varint(bytes, at, to);
    if (start === notCanonical || wire.high !== 0 || wire.low < 8)
      return fail(`group ${outermost} holds no tag where one is due`, at);
    const number = wire.low >>> 3;
    const type = wire.low & 7;
    count(effort, at);
    if (type === types.groupEnd) {
      if (open.pop() !== number) return fail(`group ${outermost} is not closed by its own number`, at);
      if (open.length === 0) return start;
      at = start;
    } else if (type === types.group) {
      open.push(number);
      if (open.length > deepest) return fail(`groups stand in one another more than ${deepest} deep`, at);
      at = start;
    } else at = skip(bytes, start, to, type, number, effort, fail);
  }
  return fail(`group ${outermost} does not end`, from);
}
