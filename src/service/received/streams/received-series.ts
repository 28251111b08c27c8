/**
 * Series: what is shown, by group and final labels. Streams write to them; two streams that become one series share its times, so
 * that what is known of order, start and writer belongs to the row. A series without a row has lost it (its value went), and is
 * not found until it gets one again.
 */

import { exemplarAt } from '../../../core/store/cells/row-layout.ts';
import { hashOfOwner } from '../../../core/tables/keyed-hash.ts';
import { Records } from '../../../core/tables/records.ts';
import type { RefusedReason } from '../memory.ts';
import type { PlainLabels } from '../names/index.ts';
import type { Group, Groups, Shape, ShapeSpec } from '../resources/groups.ts';

/** Words of a series. */
export const seriesWord = {
  /** The shape's number. */
  shape: 0,
  /** 0: it has none. */
  row: 1,
  /** The time of its last point. */
  high: 2,
  low: 3,
  /** Its newest start, of deltas that of the newest one; 0 and 0: unknown. */
  startHigh: 4,
  startLow: 5,
  /** Streams that write to it. */
  streams: 6,
  /** The stream that wrote last; 0: it has left. */
  writer: 7,
  hash: 8,
  chain: 9,
  /** Of deltas, the print of the newest one's value; 0: unknown. */
  print: 10,
} as const;
const seriesWords = 11;

export class ReceivedSeries {
  readonly records = new Records({ size: seriesWords, hash: seriesWord.hash, chain: seriesWord.chain });
  private readonly groups: Groups;

  constructor(groups: Groups) {
    this.groups = groups;
  }

  get size(): number {
    return this.records.linked;
  }

  /** Bytes of its buffers. */
  get bytes(): number {
    return this.records.bytes;
  }

  word(series: number, word: number): number {
    return this.records.words[series * seriesWords + word] as number;
  }

  setWord(series: number, word: number, value: number): void {
    this.records.words[series * seriesWords + word] = value;
  }

  shapeOf(series: number): Shape {
    return this.groups.shape(this.word(series, seriesWord.shape));
  }

  hashOf(group: Group, labels: PlainLabels): number {
    return hashOfOwner(labels.hash, group.number);
  }

  /** 0: there is none. */
  find(hash: number, group: Group, labels: PlainLabels): number {
    for (let series = this.records.first(hash); series !== 0; series = this.word(series, seriesWord.chain)) {
      if (this.word(series, seriesWord.hash) === hash && this.has(series, group, labels)) return series;
    }
    return 0;
  }

  /**
   * Gives a series its row, its first cell at `value`. `labels` are not another series'. Returns why it did not.
   */
  place(
    series: number,
    group: Group,
    spec: ShapeSpec,
    labels: PlainLabels,
    hash: number,
    startMs: number,
    value: number,
  ): RefusedReason | undefined {
    const shape = this.groups.open(group, spec, labels.names);
    if (shape === undefined) return 'memory_limit';
    const row = shape.family.row(labels, startMs, value);
    if (row === 0) {
      this.groups.rowLeft(shape);
      return 'no_room';
    }
    this.setWord(series, seriesWord.shape, shape.number);
    this.setWord(series, seriesWord.row, row);
    this.records.link(series, hash);
    return undefined;
  }

  /** Its row leaves. */
  unplace(series: number): void {
    const row = this.word(series, seriesWord.row);
    if (row === 0) return;
    const shape = this.shapeOf(series);
    shape.family.drop(row);
    this.setWord(series, seriesWord.row, 0);
    this.records.unlink(series);
    this.groups.rowLeft(shape);
  }

  /**
   * Moves a series to another shape of its group: a new row with the same labels and start. `kept` of its first cells go with it,
   * and its exemplars. Returns why it did not: then nothing has changed.
   */
  move(series: number, spec: ShapeSpec, kept: number): RefusedReason | undefined {
    const from = this.shapeOf(series);
    const row = this.word(series, seriesWord.row);
    const labels = from.family.labels(row);
    const to = this.groups.open(from.group, spec, labels.names);
    if (to === undefined) return 'memory_limit';
    const cellAt = row * from.family.stride;
    const moved = to.family.row(labels, from.family.start(row), from.family.cells[cellAt] as number);
    if (moved === 0) {
      this.groups.rowLeft(to);
      return 'no_room';
    }
    to.family.cells.set(from.family.cells.subarray(cellAt, cellAt + kept), moved * to.family.stride);
    if (kept > 0) moveExemplars(from, cellAt, to, moved * to.family.stride);
    this.setWord(series, seriesWord.shape, to.number);
    this.setWord(series, seriesWord.row, moved);
    from.family.drop(row);
    this.groups.rowLeft(from);
    return undefined;
  }

  private has(series: number, group: Group, labels: PlainLabels): boolean {
    const shape = this.shapeOf(series);
    return shape.group === group && shape.family.has(this.word(series, seriesWord.row), labels);
  }
}

/** Of a shape with the same buckets to one with as much room for each. */
function moveExemplars(from: Shape, fromAt: number, to: Shape, toAt: number): void {
  const [source, target] = [from.layout, to.layout];
  if (source.exemplars !== target.exemplars || source.exemplarCells > target.exemplarCells) return;
  for (let index = 0; index < source.exemplars; index++) {
    const at = fromAt + exemplarAt(source, index);
    to.family.cells.set(from.family.cells.subarray(at, at + source.exemplarCells), toAt + exemplarAt(target, index));
  }
}
