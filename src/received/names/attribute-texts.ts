/** Attributes as received, as names and texts. */
import type { Pair } from '../../naming/index.ts';
import { attributeTags } from '../../otlp/wire/protobuf-tags.ts';
import { WireReader } from '../../otlp/wire/wire-reader.ts';
import { readValueText } from './value-text.ts';

/**
 * The `KeyValue` fields of a message, in their order.
 *
 * @param field the tag of these fields; without it, the bytes hold no other fields
 */
export function attributeTexts(bytes: Uint8Array, field?: number): Pair[] {
  const pairs: Pair[] = [];
  const reader = new WireReader(bytes);
  while (!reader.done) {
    const tag = reader.tag();
    if (field === undefined || tag === field) pairs.push(readPair(reader));
    else reader.skip(tag % 8);
  }
  return pairs;
}

function readPair(reader: WireReader): Pair {
  let name = '';
  let text = '';
  const outer = reader.enter();
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === attributeTags.key) name = reader.string();
    else if (tag === attributeTags.value) {
      const pair = reader.enter();
      text = readValueText(reader);
      reader.leave(pair);
    } else reader.skip(tag % 8);
  }
  reader.leave(outer);
  return [name, text];
}
