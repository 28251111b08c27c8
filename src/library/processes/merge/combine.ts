/** How the values of several processes become one. */
import { addRow, blankRow, type Family, type FamilySpec, type RowLayout } from '../../../core/store/index.ts';

/** Rows of a snapshot's family. */
export interface Rows {
  /** Undefined: not shown. */
  readonly family: Family | undefined;
  readonly layout: RowLayout;
  /** The row of the family for each of the snapshot's; 0: the family is full. */
  readonly rows: Int32Array;
  /** The rows' starts, as they were the last time. */
  readonly starts: Float64Array;
}

/** Kinds that say 1 where something is so: it does not add up. */
const facts: readonly string[] = ['info', 'stateset'];

type Combination = 'sum' | 'max' | 'min' | 'average' | 'last';

/** `first` is the oldest process's, which comes last. Values with a label for their process share no row. */
export function combinationOf({ kind, across = 'sum' }: Pick<FamilySpec, 'kind' | 'across'>): Combination {
  if (facts.includes(kind)) return 'max';
  return across === 'first' || across === 'worker' ? 'last' : across === 'omit' ? 'sum' : across;
}

/** What a row holds ahead of the first value. */
const before: Readonly<Record<Combination, number>> = {
  sum: 0,
  max: Number.NEGATIVE_INFINITY,
  min: Number.POSITIVE_INFINITY,
  average: 0,
  last: 0,
};

export function blankRows(family: Family, rows: Iterable<number>): void {
  const { rowLayout, spec, cells, stride } = family;
  const empty = blankRow(rowLayout);
  if (rowLayout.form === 'number') empty[0] = before[combinationOf(spec)];
  for (const row of rows) cells.set(empty, row * stride);
}

/** `at`: where in `values` the first of the rows begins: with its start, ahead of its cells. */
export function addRows(family: Family, { rows, starts }: Rows, values: Float64Array, at: number): void {
  const width = 1 + family.rowLayout.valueCells;
  for (let index = 0, from = at; index < rows.length; index++, from += width) {
    const start = values[from] as number;
    if (start !== starts[index]) takeStart(family, rows[index] as number, start);
    starts[index] = start;
  }
  if (family.rowLayout.form === 'number') addNumbers(family, rows, values, at + 1);
  else {
    const { cells, rowLayout, stride } = family;
    // Quantiles of several processes make none of all: they stay unknown.
    for (let index = 0, from = at + 1; index < rows.length; index++, from += width)
      addRow(rowLayout, cells, (rows[index] as number) * stride, values, from);
  }
}

/** The earliest. All were 0 then if each one has been at some time; once one has not, the sum does not know. */
function takeStart(family: Family, row: number, given: number): void {
  const earliest = family.start(row);
  const start = Math.abs(given);
  const isFirst = start !== 0 && (earliest === 0 || start < earliest);
  const fromZero = given > 0 && (earliest === 0 || family.zeroAt(row) !== 0);
  family.setStart(row, isFirst ? start : earliest, fromZero);
}

/** A number and its start. */
const numberWidth = 2;

function addNumbers({ cells, spec, stride }: Family, rows: Int32Array, values: Float64Array, at: number): void {
  const how = combinationOf(spec);
  for (let index = 0, from = at; index < rows.length; index++, from += numberWidth) {
    const to = (rows[index] as number) * stride;
    const value = values[from] as number;
    if (how === 'sum' || how === 'average') (cells[to] as number) += value;
    else if (how === 'last') cells[to] = value;
    else cells[to] = how === 'max' ? Math.max(cells[to] as number, value) : Math.min(cells[to] as number, value);
  }
}

/** Makes sums averages. */
export function divide({ cells, stride }: Family, times: ReadonlyMap<number, number>): void {
  for (const [row, number] of times) (cells[row * stride] as number) /= number;
}
