/** What a page has gathered of rows that meet (`meetings.ts`), until it ends their family. */
import { takeNewerExemplar } from '../../../../core/store/cells/exemplar-cells.ts';
import { addRow, exemplarAt, type FamilyView, type Row, startOf } from '../../../../core/store/index.ts';
import type { ExpositionFormat } from '../../format.ts';
import type { FamilyLines } from '../lines/family-lines.ts';
import { addsUp, type Meeting } from './meetings.ts';

export class MetRows {
  readonly family: FamilyView;
  /** The cells of each, and behind them its start, as `row-order.ts` has them. */
  private readonly rows = new Map<Meeting, Float64Array>();
  /** Cells that the format shows. */
  private readonly shown: number;
  private readonly hasStart: boolean;
  private readonly adds: boolean;

  constructor(family: FamilyView, lines: FamilyLines, format: ExpositionFormat) {
    this.family = family;
    this.shown = lines.cells(format);
    this.hasStart = lines.hasStarts(format);
    this.adds = addsUp(family);
  }

  /** The row's cells are from `cellAt` on. */
  add(meeting: Meeting, row: Row, cells: Float64Array, cellAt: number): void {
    const { family, shown } = this;
    // Alone, it would not be shown.
    if (family.spec.kind === 'counter' && !((cells[cellAt] as number) >= 0)) return;
    const sum = this.rows.get(meeting);
    const isNewest = this.isNewest(meeting, row, cells, cellAt, sum);
    if (sum === undefined || (!this.adds && isNewest)) {
      const copy = new Float64Array(shown + 1);
      for (let cell = 0; cell < shown; cell++) copy[cell] = cells[cellAt + cell] as number;
      copy[shown] = this.startOf(row, cells, cellAt);
      this.rows.set(meeting, copy);
    } else if (this.adds) this.sumUp(sum, row, cells, cellAt);
  }

  all(): Iterable<readonly [Meeting, Float64Array]> {
    return this.rows;
  }

  /** By its time. Without, of several levels the one that has changed is the newest. */
  private isNewest(meeting: Meeting, row: Row, cells: Float64Array, cellAt: number, sum: Float64Array | undefined): boolean {
    const member = meeting.members.get(row);
    const value = cells[cellAt] as number;
    const hasChanged = member !== undefined && !Object.is(member.last, value);
    if (member !== undefined) member.last = value;
    const { timestamp } = this.family.rowLayout;
    if (timestamp !== undefined && sum !== undefined) return (cells[cellAt + timestamp] as number) >= (sum[timestamp] as number);
    if (hasChanged) meeting.newest = row;
    return meeting.newest === row;
  }

  private sumUp(sum: Float64Array, row: Row, cells: Float64Array, cellAt: number): void {
    const { shown } = this;
    const { rowLayout: layout } = this.family;
    addRow(layout, sum, 0, cells, cellAt, shown);
    // All of it has come since the earliest, if that is known of each.
    const [one, other] = [sum[shown] as number, this.startOf(row, cells, cellAt)];
    sum[shown] = one === 0 || other === 0 ? 0 : Math.min(one, other);
    const { timestamp } = layout;
    if (timestamp !== undefined && timestamp < shown)
      sum[timestamp] = Math.max(sum[timestamp] as number, cells[cellAt + timestamp] as number);
    if (shown < layout.cells) return;
    for (let index = 0; index < layout.exemplars; index++) {
      const at = exemplarAt(layout, index);
      takeNewerExemplar(sum, at, cells, cellAt + at);
    }
  }

  private startOf(row: Row, cells: Float64Array, cellAt: number): number {
    if (!this.hasStart) return 0;
    const { family, shown } = this;
    return cells === family.cells ? startOf(family, row) : (cells[cellAt + shown] as number);
  }
}
