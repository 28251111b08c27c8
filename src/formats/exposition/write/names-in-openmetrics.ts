/**
 * Which families an OpenMetrics page leaves out, because another one has a name that they have or reserve there, as a gauge
 * `queue` beside a counter
 * `queue_total` ("OpenMetrics", "MetricFamily": a name "MUST NOT result in a potential clash for sample metric names"). All other
 * formats show both. It depends on the families, and not on which came first: a contract's stays, among others the first by name.
 */
import type { Cursor, FamilyView, View, Visitor } from '../../../core/store/index.ts';
import type { Block } from './blocks.ts';
import type { FamilyLines } from './lines/family-lines.ts';
import { cellsASlice } from './pace.ts';
import { ShownFamilies } from './shown-families.ts';

/** By exposed name: that of the family that stays in its place. */
export type GiveWay = ReadonlyMap<string, string>;

/** Reads no row. Pauses after each slice. */
export function* chooseNames(
  view: View,
  linesOf: (family: FamilyView) => FamilyLines,
  now: number,
): Generator<undefined, GiveWay> {
  // As text shows them, all that have a name are here.
  const shown = new ShownFamilies({ now, only: undefined, giveWay: undefined });
  const visitor: Visitor = {
    family(family) {
      shown.blockOf(family, linesOf(family));
      return false;
    },
    row() {},
  };
  let cursor: Cursor | undefined;
  do {
    cursor = view.walk(visitor, cursor, cellsASlice);
    yield;
  } while (cursor !== undefined);
  return giveWayAmong(shown.blocks.all);
}

function giveWayAmong(blocks: readonly Block[]): GiveWay {
  const taken = new Map<string, string>();
  const giveWay = new Map<string, string>();
  for (const { series, lines } of blocks.toSorted(before)) {
    const names = [...lines.names.claims, ...lines.names.reserved];
    const winner = names.map((name) => taken.get(name)).find((owner) => owner !== undefined);
    if (winner !== undefined) giveWay.set(series, winner);
    else for (const name of names) taken.set(name, series);
  }
  return giveWay;
}

function before(one: Block, other: Block): number {
  if (one.contracted !== other.contracted) return one.contracted ? -1 : 1;
  return one.series < other.series ? -1 : 1;
}
