/**
 * The hot path of a metric of a contract: value check, labels → row, write. It knows only series that exist; whatever else (a new series, a
 * value that folds, an attribute that the contract does not name, a number where text was) is left to the slow way, which judges.
 */
import type { Kind } from '../../naming/kind.ts';
import { type LabelIndex, type Leaf, type Level, noLabel, rowOf } from '../../series/by-labels.ts';
import type { Family, Row } from '../../store/store.ts';
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
  readonly takes: (value: unknown) => value is number;
  readonly write: CellWriter;
  readonly slow: Measure;
}

export function createMeasure(parts: MeasureParts): Measure {
  return generated(parts) ?? keyed(parts);
}

/**
 * A function of its own for each metric, with the label names in its code: the compiler makes each for the few shapes of object that its
 * callers use, while code that 30 metrics share reads every label the general way.
 *
 * It stays short enough to be inlined where it is called, which the compiler decides by the size of all that would come along. So the slow way is
 * called through a proxy, which is never inlined: that saves 2 ns. Measured for two labels (`npm run bench -- record`): 32 ns a call, 13 of them the
 * caller's, where a map for each label takes 53. (Objects as maps take 38, but V8 keeps every text that it looks up in one: a million hostile
 * values grew the process by 50 MB.)
 */
function generated({ names, kind, family, index, tables, takes, write, slow }: MeasureParts): Measure | undefined {
  try {
    const parts = { family, root: index.root, plain: Object.prototype, slotOf, tables, takes, write, slow: new Proxy(slow, {}) };
    const make = new Function(...Object.keys(parts), sourceOf(names, kind, family.stride));
    return make(...Object.values(parts)) as Measure;
  } catch {
    // `--disallow-code-generation-from-strings`
    return undefined;
  }
}

/**
 * Labels are counted, because an attribute outside the contract has to be noticed. The prototype is looked at, because what is inherited is no
 * label; through `__proto__`, which the compiler knows for the shapes it has met. The `try` is for getters of the caller's.
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
  if (${valueChecks[kind] ?? 'takes(value)'}) {
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

/** The place in `RowTable.rows`, in source. */
function cellOf(labels: number): string {
  let cell = labels === 0 ? '0' : 'p0';
  for (let at = 1; at < labels; at++) cell = `(${cell}) * w${at} + p${at}`;
  return cell;
}

/** `valueRule` and `createCellWriter` again, because a call of code that all metrics share costs 10 ns where they take turns. */
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

/** The same without code of its own. */
function keyed({ names, index, takes, write, slow }: MeasureParts): Measure {
  const path = names.length === 0 ? [noLabel] : names;
  return (value, labels) => {
    let row = 0;
    if (takes(value)) {
      try {
        if (names.length === 0 || isPlain(labels)) if (countKeys(labels) === names.length) row = find(index.root, path, labels);
      } catch {
        row = 0;
      }
    }
    if (row === 0) slow(value, labels);
    else write(row, value);
  };
}

function isPlain(labels: unknown): boolean {
  return typeof labels === 'object' && labels !== null && Object.getPrototypeOf(labels) === Object.prototype;
}

function countKeys(labels: unknown): number {
  let count = 0;
  for (const _ in labels as object) count++;
  return count;
}

function find(root: Level, path: readonly string[], labels: unknown): Row {
  let level: unknown = root;
  for (let at = 0; at < path.length && level !== undefined; at++) {
    const name = path[at] as string;
    level = (level as Level).get(name === noLabel ? noLabel : (labels as Record<string, unknown>)[name]);
  }
  return rowOf(level as Leaf | undefined);
}
