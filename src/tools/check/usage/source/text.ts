/**
 * A text inside a file, such as an expression in a YAML scalar, and the place of each of its characters in the file, so that a
 * part of it can be replaced there.
 */
import type { Edit } from '../../promql/index.ts';

export { applyEdits as apply, type Edit } from '../../promql/index.ts';

export interface Text {
  /** Decoded: without quotes, escapes and indentation. */
  readonly text: string;
  /** Where the unit at an offset begins in the file. */
  at(offset: number): number;
  /**
   * Edits of this text, ascending and apart from each other, as edits of the file. Undefined: this place cannot hold the new
   * text.
   */
  edits(edits: readonly Edit[]): readonly Edit[] | undefined;
}

/** A file's whole text. */
export function wholeText(text: string): Text {
  return { text, at: (offset) => offset, edits: (edits) => edits };
}

/** A part of a text that is written as it is: a PromQL expression within a variable's query. */
export function partOf(outer: Text, from: number, to: number): Text {
  return {
    text: outer.text.slice(from, to),
    at: (offset) => outer.at(from + offset),
    edits: (edits) => outer.edits(edits.map((edit) => ({ from: from + edit.from, to: from + edit.to, text: edit.text }))),
  };
}

/** Where each unit of a decoded text begins and ends in the text around it. */
export interface Decoded {
  readonly text: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** The begin of an empty text. */
  readonly begin: number;
}

/** How a place writes a replacement. Undefined: it has no way to. */
export type Encode = (text: string) => string | undefined;

/** A text that the one around it holds in an encoded form. */
export function decodedText(outer: Text, decoded: Decoded, encode: Encode): Text {
  const { text } = decoded;
  return {
    text,
    at: (offset) => outer.at(decoded.starts[offset] ?? decoded.ends.at(-1) ?? decoded.begin),
    edits: (edits) => {
      const written = encoded(decoded, edits, encode);
      return written === undefined ? undefined : outer.edits(written);
    },
  };
}

/** The edits of the text around; undefined: one of them cannot be written. */
export function encoded(decoded: Decoded, edits: readonly Edit[], encode: Encode): readonly Edit[] | undefined {
  const written: Edit[] = [];
  for (const edit of edits) {
    const text = encode(edit.text);
    if (text === undefined || isWithin(decoded, edit.from) || isWithin(decoded, edit.to)) return undefined;
    written.push({ ...outerRange(decoded, edit), text });
  }
  return written;
}

/** Whether an offset is inside what stands for several units, such as the line breaks of a folded scalar. */
function isWithin({ starts, ends }: Decoded, offset: number): boolean {
  return starts[offset] !== undefined && starts[offset] === ends[offset];
}

function outerRange({ text, starts, ends, begin }: Decoded, { from, to }: Edit): { from: number; to: number } {
  if (from < to) return { from: starts[from] ?? begin, to: ends[to - 1] ?? begin };
  // What is inserted stays with the character before it, and after white space with the one behind it: a line break has an end
  // and a begin.
  const before = text[from - 1];
  const after = starts[from];
  const at = (before === undefined || /\s/.test(before)) && after !== undefined ? after : (ends[from - 1] ?? begin);
  return { from: at, to: at };
}

/** Ascending, as `apply` wants them; those at the same place keep their order. */
export function ascending(edits: readonly Edit[]): readonly Edit[] {
  return edits.toSorted((a, b) => a.from - b.from || a.to - b.to);
}
