/**
 * The hot path as a separate function for each metric, with the label names in its code: the compiler optimizes each for the few object shapes
 * that its callers use. It is short enough to be inlined; the slow path is not. For the cost of each part see `docs/performance.md`,
 * "The generated measure".
 */
import type { Kind } from '../../naming/kind.ts';
import { type LabelIndex, noLabel } from '../../series/by-labels.ts';
import type { Family } from '../../store/store.ts';
import type { Measure } from '../engine.ts';
import type { CellWriter } from './cell-writer.ts';
import type { RowTables } from './row-table.ts';
import { slotOf } from './text-slots.ts';

export interface MeasureParts {
  /** Label names in the contract's order. */
  readonly names: readonly string[];
  readonly kind: Kind;
  readonly family: Family;
  readonly index: LabelIndex;
  readonly tables: RowTables;
  readonly accepts: (value: unknown) => value is number;
  readonly write: CellWriter;
  readonly slow: Measure;
}

/** Undefined: the process runs with `--disallow-code-generation-from-strings`. */
export function generatedMeasure({ names, kind, family, index, tables, accepts, write, slow }: MeasureParts): Measure | undefined {
  try {
    const parts = { family, root: index.root, plain: Object.prototype, slotOf, tables, accepts, write, slow: new Proxy(slow, {}) };
    const make = new Function(...Object.keys(parts), sourceOf(names, kind, family.stride));
    return make(...Object.values(parts)) as Measure;
  } catch {
    return undefined;
  }
}

/**
 * Counts the labels, to notice attributes outside the contract. Checks the prototype, because inherited properties are not labels; through
 * `__proto__`, which the compiler knows for the shapes that it has seen. The `try` is for the caller's getters.
 */
function sourceOf(names: readonly string[], kind: Kind, stride: number): string {
  const none = names.length === 0;
  const all = (code: (at: number) => string, between: string) => names.map((_, at) => code(at)).join(between);
  const given = all((at) => `l${at}`, ', ');
  return `'use strict';
var rows${all((at) => `, s${at}, w${at}`, '')};
tables.use((table) => {
  rows = table.rows;
  ${all((at) => `s${at} = table.slots[${at}]; w${at} = s${at}.keys.length;`, ' ')}
});
function find(${given}) {
  const leaf = root${none ? `.get(${JSON.stringify(noLabel)})` : all((at) => `.get(l${at})`, '?')};
  if (leaf === undefined) return 0;
  if (--tables.patience === 0) tables.renew();
  return typeof leaf === 'number' ? leaf : leaf.row;
}
return function measure(value, labels) {
  let row = 0;
  if (${valueChecks[kind] ?? 'accepts(value)'}) {
    try {
      ${names.map((name, at) => `const l${at} = labels[${JSON.stringify(name)}];`).join('\n      ')}
      ${none ? '' : 'if (labels.__proto__ === plain)'} {
        let count = 0;
        for (const name in labels) count++;
        if (count === ${names.length}) {
          ${all((at) => `const p${at} = slotOf(s${at}, l${at});`, ' ')}
          ${none ? '' : `if (${all((at) => `p${at} !== -1`, ' && ')})`} row = rows[${cellOf(names.length)}];
          if (row === 0) row = find(${given});
        }
      }
    } catch {}
  }
  if (row === 0) slow(value, labels);
  else ${(stride === 1 ? writes[kind] : undefined) ?? 'write(row, value)'};
}`;
}

/** Source code for the index into `RowTable.rows`. */
function cellOf(labels: number): string {
  let cell = labels === 0 ? '0' : 'p0';
  for (let at = 1; at < labels; at++) cell = `(${cell}) * w${at} + p${at}`;
  return cell;
}

/** Repeats `valueRule` and `createCellWriter`, because several metrics that alternate in shared code make it slow. */
const valueChecks: Partial<Record<Kind, string>> = {
  counter: "typeof value === 'number' && value >= 0 && value < Infinity",
  histogram: "typeof value === 'number' && value >= 0 && value < Infinity",
  gauge: "typeof value === 'number'",
};
/** For rows of one cell. */
const writes: Partial<Record<Kind, string>> = {
  counter: 'family.cells[row] += value',
  updowncounter: 'family.cells[row] += value',
  gauge: 'family.cells[row] = value',
};
