/** Rows of a sorted family in the order of their label values. */
import type { FamilyView, Row } from '../store/index.ts';
import type { FamilyLines } from './family-lines.ts';
import type { TextFormat } from './format.ts';

/** Families with more rows than this come in order of creation: sorting would hold the host's loop for longer than a slice. */
export const mostSortedRows = 10_000;

/**
 * The order of `members` (row and generation in turn), kept until the membership changes. Values are compared label by label, by UTF-16
 * code unit.
 */
export function sortedRows(lines: FamilyLines, family: FamilyView, members: readonly number[], format: TextFormat): readonly Row[] {
  if (lines.sorted === undefined || !equalMembers(lines.sorted.members, members)) {
    lines.sorted = { members, order: sort(lines, family, members, format) };
  }
  return lines.sorted.order;
}

function sort(lines: FamilyLines, family: FamilyView, members: readonly number[], format: TextFormat): readonly Row[] {
  const cache = lines.caches[format];
  const rows: { readonly row: Row; readonly key: string }[] = [];
  for (let index = 0; index < members.length; index += 2) {
    const row = members[index] as Row;
    if (cache.rowAt(family, row, members[index + 1] as number) >= 0) rows.push({ row, key: cache.sortKey(row) });
  }
  return rows.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ row }) => row);
}

function equalMembers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
