/**
 * The attributes of a measurement that its series does not have, whoever dropped them: a contract, a view, or the limit of
 * attribute sets. An exemplar keeps them (Metrics SDK, "ExemplarReservoir": "MUST retain any attributes available in the
 * measurement that are not preserved"), as text, under their own names.
 */
import { DEFAULT_MAX_BYTES } from '../../core/contract/labels.ts';
import type { TextBytes } from '../../core/store/cells/exemplar-text.ts';
import { LabelWriter } from '../../core/store/labels/label-bytes.ts';
import { labelText } from '../series/label-rules/label-text.ts';
import { textOf } from '../series/label-rules/read-labels.ts';

/** Room of each exemplar, where a contract or a view may drop attributes: for one or two short ones, in eight cells. */
export const FILTERED_BYTES = 48;

const writer = new LabelWriter();
const text = { bytes: writer.bytes, from: 0, to: 0 };

/**
 * Whole attributes, in the caller's order, as far as `room` bytes reach. Valid until the next call. Throws what a caller's getter
 * throws.
 *
 * @param kept names of the attributes that the series has
 */
export function filteredAttributes(given: unknown, kept: readonly string[], room: number): TextBytes {
  writer.length = 0;
  if (typeof given === 'object' && given !== null) {
    for (const name of Object.keys(given)) {
      if (kept.includes(name)) continue;
      const value = shownAs((given as Record<string, unknown>)[name]);
      if (value === undefined || value === '') continue;
      const before = writer.length;
      writer.string(labelText(name, DEFAULT_MAX_BYTES));
      writer.string(labelText(value, DEFAULT_MAX_BYTES));
      if (writer.length > room) writer.length = before;
    }
  }
  text.bytes = writer.bytes;
  text.to = writer.length;
  return text;
}

function shownAs(value: unknown): string | undefined {
  return Array.isArray(value) ? JSON.stringify(value) : textOf(value);
}
