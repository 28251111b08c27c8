/**
 * The hot path as a separate function for each metric, with the label names in its code: the compiler optimizes each for the few
 * object shapes that its callers use. It is short enough to be inlined; what finds the row and the slow path are not. For the
 * cost of each part see
 * `bench/RESULTS.md`, "The generated measure".
 */
import type { Kind } from '../../../core/naming/kind.ts';
import type { Family, Row } from '../../../core/store/store.ts';
import { noLabel } from '../../series/by-labels/label-index.ts';
import type { Measure } from '../engine.ts';
import type { CellWriter } from './cell-writer.ts';
import type { RowTables } from './row-table.ts';
import { numberOf } from './text-slots.ts';

export interface MeasureParts {
  /** Label names in the contract's order. */
  readonly names: readonly string[];
  readonly kind: Kind;
  readonly family: Family;
  readonly tables: RowTables;
  readonly accepts: (value: unknown) => value is number;
  readonly write: CellWriter;
  readonly slow: Measure;
}

/** Undefined: the process runs with `--disallow-code-generation-from-strings`. */
export function generatedMeasure({ names, kind, family, tables, accepts, write, slow }: MeasureParts): Measure | undefined {
  try {
    const find = finderOf(names.length);
    const parts = { family, plain: Object.prototype, find, tables, accepts, write, slow: new Proxy(slow, {}) };
    const make = new Function(...Object.keys(parts), sourceOf(names, kind, family.stride));
    return make(...Object.values(parts)) as Measure;
  } catch {
    return undefined;
  }
}

/**
 * Counts the labels, to notice attributes outside the contract. Checks the prototype, because inherited properties are not
 * labels; through
 * `__proto__`, which the compiler knows for the shapes that it has seen. The `try` is for the caller's getters.
 */
function sourceOf(names: readonly string[], kind: Kind, stride: number): string {
  const none = names.length === 0;
  const given = names.map((_, at) => `, l${at}`).join('');
  return `'use strict';
return function measure(value, labels) {
  let row = 0;
  if (${valueChecks[kind] ?? 'accepts(value)'}) {
    try {
      ${names.map((name, at) => `const l${at} = labels[${JSON.stringify(name)}];`).join('\n      ')}
      ${none ? '' : 'if (labels.__proto__ === plain)'} {
        let count = 0;
        for (const name in labels) count++;
        if (count === ${names.length}) row = find(tables${given});
      }
    } catch {}
  }
  if (row === 0) slow(value, labels);
  else ${(stride === 1 ? writes[kind] : undefined) ?? 'write(row, value)'};
}`;
}

/** 0: no series with these values. */
type Find = (tables: RowTables, ...values: unknown[]) => Row;

/** By the number of labels. */
const finders = new Map<number, Find>();
/**
 * Makes a function longer than V8 inlines (460 bytes of bytecode). A copy at each call site would compete with the others for the
 * processor's caches of code and of branches: that takes longer than the call.
 */
const uninlined = `if (tables === undefined) { ${'row = 1; row = 2; '.repeat(100)} }`;

/** One function for all metrics of so many labels. */
function finderOf(labels: number): Find {
  const known = finders.get(labels);
  if (known !== undefined) return known;
  const all = Array.from({ length: labels }, (_, at) => at);
  const given = all.map((at) => `l${at}`);
  const cell = all.reduce((before, at) => (at === 0 ? 'n0' : `(${before}) * table.s${at}.size + n${at}`), '0');
  const source = `'use strict';
return function find(tables${given.map((name) => `, ${name}`).join('')}) {
  let row = 0;
  ${uninlined}
  const { table } = tables;
  ${all.map((at) => `const n${at} = numberOf(table.s${at}, l${at});`).join(' ')}
  row = table.rows[${cell}];
  if (row !== 0) return row;
  const leaf = tables.root${labels === 0 ? `.get(${JSON.stringify(noLabel)})` : given.map((name) => `.get(${name})`).join('?')};
  if (leaf === undefined) return 0;
  if (--tables.patience === 0) tables.renew();
  return typeof leaf === 'number' ? leaf : leaf.row;
}`;
  const made = new Function('numberOf', source)(numberOf) as Find;
  finders.set(labels, made);
  return made;
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
