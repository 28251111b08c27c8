/** Several snapshots as one store. Which row a value goes to is worked out again only where a snapshot has other rows than before. */

import {
  blankRow,
  createStore,
  type Family,
  mergeExponential,
  readExponential,
  type Source,
  type Store,
  type View,
} from '../store/index.ts';
import { layoutOf, type RowLayout } from '../store/row-layout.ts';
import { readSchema, type Snapshot, type SnapshotFamily } from './snapshot.ts';

export interface Part extends Snapshot {
  /** Its process has ended: of a metric that is no total, nothing is left. */
  readonly ended: boolean;
}

export interface Merged {
  /** Adds up. The store is another one where `parts` have other rows than the last time. Of one metric with two shapes, the first is shown. */
  add(parts: readonly Part[]): View;
}

interface Step {
  /** Undefined: not shown. */
  readonly family: Family | undefined;
  readonly layout: RowLayout;
  /** The row of the store for each of the snapshot's. */
  readonly rows: readonly number[];
}

interface Plan {
  readonly ended: boolean;
  readonly schema: Buffer;
  readonly steps: readonly Step[];
}

interface Held {
  readonly family: Family;
  readonly shape: string;
  readonly rows: Map<string, number>;
}

/** Kinds whose values only grow. */
const totals: readonly string[] = ['counter', 'histogram', 'summary'];
/** Kinds that say 1 where something is so: it does not add up. */
const facts: readonly string[] = ['info', 'stateset'];

/** @param differs called with the name of a metric that two processes declare with different bounds, quantiles or kinds */
export function createMerged(differs: (name: string) => void): Merged {
  let store: Store = createStore();
  let held = new Map<string, Held>();
  let plans: readonly Plan[] = [];

  function rebuild(parts: readonly Part[]): void {
    store = createStore();
    held = new Map();
    const sources = new Map<string, Source>();
    const sourceOf = (scope: SnapshotFamily['scope']): Source => {
      const key = JSON.stringify(scope);
      const source = sources.get(key) ?? store.source({ scope });
      sources.set(key, source);
      return source;
    };
    plans = parts.map(({ ended, schema }) => ({ ended, schema, steps: readSchema(schema).map((family) => plan(family, ended, sourceOf)) }));
  }

  function plan({ scope, spec, rows }: SnapshotFamily, ended: boolean, sourceOf: (scope: SnapshotFamily['scope']) => Source): Step {
    const layout = layoutOf(spec);
    const hidden = { family: undefined, layout, rows: rows.map(() => 0) };
    if (ended && !totals.includes(spec.kind)) return hidden;
    const key = JSON.stringify([scope, spec.name]);
    const shape = JSON.stringify([spec.kind, spec.unit, spec.bounds, spec.quantiles, spec.exponential, spec.minMax]);
    const before = held.get(key);
    // Without series its shape is not known yet: a registry says nothing of bounds ahead of a histogram's first series.
    const isReplaced = before?.rows.size === 0 && rows.length > 0 && before.shape !== shape;
    const made = () => sourceOf(scope).family({ ...spec, maxAgeMs: Number.POSITIVE_INFINITY }, true, before?.family);
    const known = before === undefined || isReplaced ? { family: made(), shape, rows: new Map() } : before;
    if (isReplaced) before.family.end();
    held.set(key, known);
    if (known.shape !== shape) {
      if (rows.length > 0) differs(spec.name);
      return hidden;
    }
    return { family: known.family, layout, rows: rows.map(([names, values]) => rowOf(known, names, values)) };
  }

  function blank(): void {
    for (const { family, rows } of held.values()) {
      const empty = blankRow(family.rowLayout);
      for (const row of rows.values()) if (row !== 0) family.cells.set(empty, row * family.stride);
    }
  }

  return Object.freeze<Merged>({
    add(parts) {
      if (!isPlanOf(plans, parts)) rebuild(parts);
      blank();
      for (const [at, { steps }] of plans.entries()) addPart(steps, (parts[at] as Part).values);
      return store.view;
    },
  });
}

function isPlanOf(plans: readonly Plan[], parts: readonly Part[]): boolean {
  return (
    plans.length === parts.length &&
    plans.every(({ ended, schema }, at) => parts[at]?.ended === ended && schema.equals((parts[at] as Part).schema))
  );
}

function rowOf({ family, rows }: Held, names: readonly string[], values: SnapshotFamily['rows'][number][1]): number {
  const pairs = names.map((name, at) => [name, values[at]]).sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1));
  const key = JSON.stringify(pairs);
  const row = rows.get(key) ?? family.row({ names, values }, 0);
  rows.set(key, row);
  return row;
}

function addPart(steps: readonly Step[], values: Float64Array): void {
  let at = 0;
  for (const { family, layout, rows } of steps) {
    for (const row of rows) {
      if (at + 1 + layout.valueCells > values.length) return;
      if (family !== undefined && row !== 0) addRow(family, row, values, at);
      at += 1 + layout.valueCells;
    }
  }
}

/** `at`: of the row's start, ahead of its cells. */
function addRow(family: Family, row: number, values: Float64Array, at: number): void {
  const { cells, rowLayout: layout } = family;
  const to = row * family.stride;
  const from = at + 1;
  const start = values[at] as number;
  const earliest = family.start(row);
  if (start > 0 && (earliest === 0 || start < earliest)) family.setStart(row, start);
  if (facts.includes(family.spec.kind)) cells[to] = Math.max(cells[to] as number, values[from] as number);
  else if (layout.form === 'exponential') mergeExponential(cells, to, layout.shape, readExponential(values, from, layout.shape));
  // Quantiles of several processes make none of all: they stay unknown.
  else for (let cell = 0; cell < layout.summedCells; cell++) (cells[to + cell] as number) += values[from + cell] as number;
  if (layout.minMax === undefined) return;
  const { min, max } = layout.minMax;
  cells[to + min] = Math.min(cells[to + min] as number, values[from + min] as number);
  cells[to + max] = Math.max(cells[to + max] as number, values[from + max] as number);
}
