/** What a page has around its families, and what is put in place once it is known how long they are. */
import type { ExpositionFormat } from '../format.ts';
import type { Block } from './blocks.ts';
import { jsonEmptyEnding, jsonEnding, jsonOpening, putSpaces } from './json/family-head.ts';
import { putFamilyLength } from './protobuf/metric-family.ts';

const encoder = new TextEncoder();
const nothing = new Uint8Array();

export const openings: Readonly<Record<ExpositionFormat, Uint8Array>> = {
  openmetrics: nothing,
  text: nothing,
  protobuf: nothing,
  json: encoder.encode(jsonOpening),
};
const endings: Readonly<Record<ExpositionFormat, Uint8Array>> = {
  openmetrics: encoder.encode('# EOF\n'),
  text: nothing,
  protobuf: nothing,
  json: encoder.encode(jsonEnding),
};
const emptyJson = encoder.encode(jsonEmptyEnding);

/** How many bytes of a page of `maxBytes` may be ahead of its end. */
export function mostAhead(format: ExpositionFormat, maxBytes: number): number {
  return maxBytes - endings[format].length;
}

/** How much of a page of `maxBytes` rows and metadata may have. */
export function roomOf(format: ExpositionFormat, maxBytes: number): number {
  return mostAhead(format, maxBytes) - openings[format].length;
}

export function endingOf(format: ExpositionFormat, blocks: readonly Block[]): Uint8Array {
  return format === 'json' && !blocks.some(({ begun }) => begun) ? emptyJson : endings[format];
}

/** Blocks are one behind the other, whatever ranges they were written in. */
export function finishBlocks(format: ExpositionFormat, body: Uint8Array, blocks: readonly Block[]): void {
  if (format !== 'protobuf' && format !== 'json') return;
  const first = openings[format].length;
  let at = first;
  for (const { ranges, lines } of blocks) {
    let size = 0;
    for (const { from, to } of ranges) size += to - from;
    if (size === 0) continue;
    if (format === 'protobuf') putFamilyLength(body, at, size);
    else putSpaces(body, at, size, lines.metadata(format).length, at === first);
    at += size;
  }
}
