/**
 * Labels of series that have the same attributes in the same order, all of them strings: from bytes to bytes, because a million
 * series would make many million strings. What is the same for all of them is there already.
 */
import { LabelWriter } from '../../../core/store/labels/label-bytes.ts';
import { attributeTags, valueTags } from '../../../formats/otlp/wire/protobuf-tags.ts';
import { content, notCanonical, wire } from '../../../formats/otlp/wire/varint.ts';

/** A label that the attributes have nothing to do with. */
export const none = -1;

export interface Arrangement {
  /** Of the attributes, in their order. */
  readonly keys: readonly string[];
  /** Of the labels, in their order. */
  readonly values: readonly string[];
  /** The index of each attribute's value among the values, or `none`. */
  readonly places: readonly number[];
}

const encoder = new TextEncoder();

export class LabelTemplate {
  private readonly keys: readonly Uint8Array[];
  /** Attributes whose values are labels, in the order of these. */
  private readonly slots: readonly number[];
  /** What is ahead of each of them, and behind the last. */
  private readonly between: readonly Uint8Array[];
  /** Of the attributes read last. */
  private readonly starts: Int32Array;
  private readonly ends: Int32Array;

  constructor({ keys, values, places }: Arrangement) {
    this.keys = keys.map((key) => encoder.encode(key));
    this.starts = new Int32Array(keys.length);
    this.ends = new Int32Array(keys.length);
    const slots: number[] = [];
    const between: Uint8Array[] = [];
    const writer = new LabelWriter();
    const end = () => {
      between.push(writer.bytes.slice(0, writer.length));
      writer.length = 0;
    };
    for (const [at, value] of values.entries()) {
      const attribute = places.indexOf(at);
      if (attribute === none) writer.string(value);
      else {
        end();
        slots.push(attribute);
      }
    }
    end();
    this.slots = slots;
    this.between = between;
  }

  /** False: these are other attributes, and nothing was written. */
  write(attributes: Uint8Array, from: number, to: number, writer: LabelWriter): boolean {
    if (!this.read(attributes, from, to)) return false;
    const { slots, between, starts, ends } = this;
    for (let index = 0; index < slots.length; index++) {
      const slot = slots[index] as number;
      const start = starts[slot] as number;
      const end = ends[slot] as number;
      const before = between[index] as Uint8Array;
      writer.copy(before, 0, before.length);
      writer.size(end - start);
      writer.copy(attributes, start, end);
    }
    const rest = between[slots.length] as Uint8Array;
    writer.copy(rest, 0, rest.length);
    return true;
  }

  private read(bytes: Uint8Array, from: number, to: number): boolean {
    const { keys, starts, ends } = this;
    let at = from;
    for (let index = 0; index < keys.length; index++) {
      const pair = content(bytes, at + 1, to);
      if (pair === notCanonical) return false;
      const end = wire.end;
      const value = behindKey(bytes, pair, end, keys[index] as Uint8Array);
      if (value === notCanonical) return false;
      const text = stringIn(bytes, value, end);
      // An empty one is no label.
      if (text === notCanonical || text === end) return false;
      starts[index] = text;
      ends[index] = end;
      at = end;
    }
    return at === to;
  }
}

/** The offset behind a key that is this one. */
function behindKey(bytes: Uint8Array, from: number, to: number, key: Uint8Array): number {
  if (bytes[from] !== attributeTags.key) return notCanonical;
  const at = content(bytes, from + 1, to);
  const { length } = key;
  if (at === notCanonical || wire.end - at !== length) return notCanonical;
  for (let index = 0; index < length; index++) if (bytes[at + index] !== key[index]) return notCanonical;
  return at + length;
}

/** Where the string begins that an `AnyValue` from here to the end holds, and nothing else. */
function stringIn(bytes: Uint8Array, from: number, to: number): number {
  if (from === to || bytes[from] !== attributeTags.value) return notCanonical;
  const value = content(bytes, from + 1, to);
  if (value === notCanonical || value === to || wire.end !== to || bytes[value] !== valueTags.string) return notCanonical;
  const text = content(bytes, value + 1, to);
  return wire.end === to ? text : notCanonical;
}
