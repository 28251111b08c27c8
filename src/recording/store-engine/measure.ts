/**
 * The hot path of a metric of a contract: value check, labels → row, write. It knows only series that exist; whatever else (a new series, a
 * value that folds, an attribute that the contract does not name, a number where text was) is left to the slow way, which judges.
 */
import type { Kind } from '../../naming/kind.ts';
import type { Family, Row } from '../../store/store.ts';
import type { Measure } from '../engine.ts';
import { type LabelIndex, type Leaf, type Level, noLabel, rowOf } from '../label-index.ts';
import type { CellWriter } from './cell-writer.ts';

export interface MeasureParts {
  /** Label names in the contract's order. */
  readonly names: readonly string[];
  readonly kind: Kind;
  readonly family: Family;
  readonly index: LabelIndex;
  readonly takes: (value: unknown) => value is number;
  readonly write: CellWriter;
  readonly slow: Measure;
}

export function createMeasure(parts: MeasureParts): Measure {
  return generated(parts) ?? keyed(parts);
}

/**
 * A function of its own for each metric, with the label names in its code: the compiler makes each for the few shapes of object that its
 * callers use, while code that 30 metrics share reads every label the general way. Measured (`npm run bench -- record`): 71 ns a call
 * against 103 of `keyed`, and 97 against 124 for a histogram; 18 of each are the caller's.
 *
 * Most of the rest is the two maps (27 without them). Objects ahead of them save 12, but V8 keeps every text that it looks up in one: a
 * million hostile values grew the process by 50 MB.
 */
function generated({ names, kind, family, index, takes, write, slow }: MeasureParts): Measure | undefined {
  try {
    const make = new Function('family', 'root', 'plain', 'takes', 'write', 'slow', sourceOf(names, kind, family.stride));
    return make(family, index.root, Object.prototype, takes, write, slow) as Measure;
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
  const loads = names.map((name, at) => `const l${at} = labels[${JSON.stringify(name)}];`);
  const path = names.length === 0 ? [JSON.stringify(noLabel)] : names.map((_, at) => `l${at}`);
  return `'use strict';
return function measure(value, labels) {
  let row = 0;
  if (${valueChecks[kind] ?? 'takes(value)'}) {
    try {
      ${loads.join('\n      ')}
      ${names.length === 0 ? '' : 'if (labels.__proto__ === plain)'} {
        let count = 0;
        for (const name in labels) count++;
        if (count === ${names.length}) {
          const leaf = root${path.map((key) => `.get(${key})`).join('?')};
          if (leaf !== undefined) row = typeof leaf === 'number' ? leaf : leaf.row;
        }
      }
    } catch {}
  }
  if (row === 0) slow(value, labels);
  else ${(stride === 1 ? writes[kind] : undefined) ?? 'write(row, value)'};
}`;
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
