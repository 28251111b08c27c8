/**
 * The hot path of a contract's metric: check the value, find the row of the labels, write. It handles existing series only.
 * Everything else (a new series, a value that is aggregated into `other`, an attribute outside the contract, a number instead of
 * a string) takes the slow path (`judged.ts`).
 */
import type { Row } from '../../../core/store/store.ts';
import { type Leaf, type Level, noLabel, rowOf } from '../../series/by-labels/label-index.ts';
import type { Measure } from '../engine.ts';
import { generatedMeasure, type MeasureParts } from './generated-measure.ts';

export function createMeasure(parts: MeasureParts): Measure {
  return generatedMeasure(parts) ?? keyed(parts);
}

/** The same without generated code. */
function keyed({ names, tables, accepts, write, slow }: MeasureParts): Measure {
  const path = names.length === 0 ? [noLabel] : names;
  return (value, labels) => {
    let row = 0;
    if (accepts(value)) {
      try {
        if (names.length === 0 || isPlain(labels)) if (countKeys(labels) === names.length) row = find(tables.root, path, labels);
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
