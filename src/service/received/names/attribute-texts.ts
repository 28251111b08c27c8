/** Attributes as received, as names and texts. */
import type { Pair } from '../../../core/naming/index.ts';
import { eachAttribute } from '../../../formats/otlp/value/attribute-list.ts';
import { textIn } from '../../../formats/otlp/value/value-text.ts';

/** @param field as of `eachAttribute` */
export function attributeTexts(bytes: Uint8Array, field?: number): Pair[] {
  const pairs: Pair[] = [];
  eachAttribute(bytes, (key, from, to) => pairs.push([key, textIn(bytes, from, to)]), field);
  return pairs;
}
