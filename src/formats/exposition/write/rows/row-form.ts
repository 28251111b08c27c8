/**
 * How the rows of a family are written in one format: what comes before their numbers, which is made from labels and may be kept,
 * and the numbers.
 */
import type { FamilyView, Row } from '../../../../core/store/index.ts';
import type { ByteBuffer } from '../bytes/byte-buffer.ts';
import type { LabelText } from '../lines/labels.ts';
import type { Template } from '../lines/line-template.ts';
import type { Omitted } from '../rendering.ts';
import type { LabelSource } from './plain-values.ts';
import type { RowLines } from './row-lines.ts';
import type { RowWriter } from './write-row.ts';

/** What rows have that a format cannot show: a reason of `Omitted`. */
export type NotShown = Extract<Omitted['reason'], 'buckets' | 'totals' | 'values'>;

/** What is made from the labels of one row at a time. */
export interface MadeRow extends RowLines {
  /** Takes a row's labels. */
  use(labels: LabelText): void;
  /** What the row takes at most with its numbers, and `more` bytes in each of its pieces. */
  mostBytes(more: number): number;
}

/** Of rows of a shape whatever their values: they may be long, and have bytes to be escaped. */
export interface AnyTemplate extends Template {
  /** Gives the form's `made` a row's labels. False when the row has changed hands. */
  useAny(family: FamilyView, row: Row, generation: number, source: LabelSource): boolean;
}

export interface RowForm {
  /** How many pieces are kept of a row: its lines in text, its labels alone in protobuf. */
  readonly pieces: number;
  /** Where bucket lines are kept with their numbers: how many bytes longer than the first each one's own label is. Else empty. */
  readonly buckets: Int32Array;
  readonly made: MadeRow;
  readonly writer: RowWriter;
  /** `labels`: names as they are written. For rows with plain values (`plain-values.ts`). */
  template(labels: readonly string[]): Template;
  anyTemplate(labels: readonly string[]): AnyTemplate;
  /**
   * Writes what rows have left for the end of their family, and returns what some of them had that the format cannot show.
   * Absent: none ever do.
   */
  readonly finish?: (out: ByteBuffer) => NotShown | undefined;
}
