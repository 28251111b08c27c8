/** What points of a type have in common for the code that writes them to rows. */
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import type { Group, Shape, ShapeSpec } from '../resources/groups.ts';

/**
 * Whether a row of a shape can take a point: as it is; once it has moved to a wider shape, with its value; or started again in
 * another shape.
 */
export const fit = { fits: 0, widen: 1, reset: 2 } as const;
export type Fit = (typeof fit)[keyof typeof fit];

/** `point`: its offset in the index. Nothing here makes an object but `spec`. */
export interface Form {
  /** Of histograms the one with bounds, of sums and gauges the number. */
  readonly name: Shape['layout']['form'];
  /** Whether the value can be the group's. */
  accepts(batch: Batch, point: number, group: Pick<Group, 'counts'>): boolean;
  /** Why a value that it does not accept is dropped, as the tally counts it. */
  readonly dropped: 'not_a_count' | 'no_sum';
  /** `adds`: its value is to be added to the row's, and else to replace it. */
  fit(batch: Batch, point: number, shape: Shape, adds: boolean): Fit;
  /** The shape that the point needs; `present` is the row's until now. */
  spec(batch: Batch, point: number, group: Group, present: Shape | undefined, adds: boolean): ShapeSpec;
  /** What a fresh row's first cell begins with: a reader in another thread sees the row with it. */
  first(batch: Batch, point: number): number;
  /** Its value replaces the one in `cells` from `at` on. */
  write(batch: Batch, point: number, shape: Shape, cells: Float64Array, at: number): void;
  /** Its value is added. */
  add(batch: Batch, point: number, shape: Shape, cells: Float64Array, at: number): void;
  /** Of its value: see `value-print.ts`. Called for deltas. */
  print(batch: Batch, point: number): number;
  /** Its exemplars are kept, each where no newer one is. Returns how many of their labels have no room. */
  exemplars(batch: Batch, point: number, shape: Shape, cells: Float64Array, at: number): number;
}
