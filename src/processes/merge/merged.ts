/** Several snapshots as one store. Which row a value goes to is worked out again only where a snapshot has other rows than before. */

import { WORKER_LABEL } from '../../contract/metric.ts';
import { layoutOf } from '../../store/cells/row-layout.ts';
import { createStore, type Family, type LabelValue, type Source, type Store, type View } from '../../store/index.ts';
import { readSchema, type Snapshot, type SnapshotFamily } from '../record/snapshot.ts';
import { addRows, blankRows, combinationOf, divide, type Rows } from './combine.ts';
import { createLimits, type LabelLimits } from './limits.ts';

export interface Part extends Snapshot {
  /** Its process has ended: of a metric that is no total, nothing is left. */
  readonly ended: boolean;
  /** The process's number. Absent: none yet. */
  readonly slot?: number | undefined;
}

/** What an ended process has left, of which totals alone are shown. */
export function asTotals(snapshot: Snapshot): Part {
  return { ...snapshot, ended: true };
}

export interface Merged {
  /**
   * Adds up, from the newest process to the oldest. The store is another one where `parts` have other rows than the last time. Of one metric with two shapes,
   * the first is shown.
   */
  add(parts: readonly Part[]): View;
}

/** What does not show in the sum as it is. */
export interface Remarks {
  /** Two processes declare a metric with different bounds, quantiles or kinds. */
  differs(name: string): void;
  /** A label has more values than its limit; `other`: what the rest is added up as. */
  over(name: string, label: string, limit: number, other: string | undefined): void;
  /** Where the series have changed: how many values are over the limits of their labels in all. */
  excess(values: number): void;
}

interface Plan {
  readonly ended: boolean;
  readonly slot: number | undefined;
  readonly schema: Buffer;
  readonly steps: readonly Rows[];
}

interface MergedFamily {
  readonly family: Family;
  readonly shape: string;
  readonly rows: Map<string, number>;
  /** How many processes have each row. */
  readonly times: Map<number, number>;
}

/** Kinds whose values only grow. */
const totals: readonly string[] = ['counter', 'histogram', 'summary'];

export function createMerged(remarks: Remarks): Merged {
  let store: Store = createStore();
  let held = new Map<string, MergedFamily>();
  let plans: readonly Plan[] = [];
  let firstId = 1;

  function rebuild(parts: readonly Part[]): void {
    // A reader knows families by their ids: those of another store are others.
    firstId += held.size;
    store = createStore({ firstId });
    held = new Map();
    const sources = new Map<string, Source>();
    const sourceOf = (scope: SnapshotFamily['scope']): Source => {
      const key = JSON.stringify(scope);
      const source = sources.get(key) ?? store.source({ scope });
      sources.set(key, source);
      return source;
    };
    const read = parts.map((part) => ({ ...part, families: readSchema(part.schema) }));
    const limits = limitsOf(read, remarks);
    plans = read.map(({ ended, slot, schema, families }) => ({
      ended,
      slot,
      schema,
      steps: families.map((family) => plan(family, { ended, slot }, sourceOf, limits.get(keyOf(family)))),
    }));
  }

  function plan(given: SnapshotFamily, of: Pick<Part, 'ended' | 'slot'>, sourceOf: SourceOf, limits: LabelLimits | undefined): Rows {
    const layout = layoutOf(given.spec);
    const none = { layout, rows: new Int32Array(given.rows.length), starts: new Float64Array(given.rows.length) };
    const hidden = { ...none, family: undefined };
    if (isHidden(given, of)) return hidden;
    const { scope, spec, rows } = given.spec.across === 'worker' ? withWorker(given, String(of.slot)) : given;
    const key = keyOf(given);
    const shape = JSON.stringify([spec.kind, spec.unit, spec.bounds, spec.quantiles, spec.exponential, spec.minMax]);
    const before = held.get(key);
    // Without series its shape is not known yet: a registry has no bounds before a histogram's first series.
    const isReplaced = before?.rows.size === 0 && rows.length > 0 && before.shape !== shape;
    const made = () => sourceOf(scope).family({ ...spec, maxAgeMs: Number.POSITIVE_INFINITY }, true, before?.family);
    const known = before === undefined || isReplaced ? { family: made(), shape, rows: new Map(), times: new Map() } : before;
    if (isReplaced) before.family.end();
    held.set(key, known);
    if (known.shape !== shape) {
      if (rows.length > 0) remarks.differs(spec.name);
      return hidden;
    }
    const rowFor = (names: readonly string[], values: readonly LabelValue[]): number => {
      const passed = limits === undefined ? values : limits.pass(names, values);
      return passed === undefined ? 0 : rowOf(known, names, passed);
    };
    return { ...none, family: known.family, rows: Int32Array.from(rows, ([names, values]) => rowFor(names, values)) };
  }

  return Object.freeze<Merged>({
    add(parts) {
      if (!isPlanOf(plans, parts)) rebuild(parts);
      for (const { family, times } of held.values()) blankRows(family, times.keys());
      for (const [at, { steps }] of plans.entries()) addPart(steps, (parts[at] as Part).values);
      for (const { family, times } of held.values()) if (combinationOf(family.spec) === 'average') divide(family, times);
      return store.view;
    },
  });
}

type SourceOf = (scope: SnapshotFamily['scope']) => Source;

const keyOf = ({ scope, spec }: SnapshotFamily) => JSON.stringify([scope, spec.name]);

function isHidden({ spec: { kind, across } }: SnapshotFamily, { ended, slot }: Pick<Part, 'ended' | 'slot'>): boolean {
  return (ended && !totals.includes(kind)) || across === 'omit' || (across === 'worker' && slot === undefined);
}

/** Of each family with limits; the newest process's. */
function limitsOf(
  parts: readonly (Part & { readonly families: readonly SnapshotFamily[] })[],
  remarks: Remarks,
): ReadonlyMap<string, LabelLimits> {
  const limits = new Map<string, LabelLimits>();
  const names = new Map<string, string>();
  for (const { families } of parts) {
    for (const family of families) {
      const key = keyOf(family);
      if (family.spec.limits === undefined || limits.has(key)) continue;
      limits.set(key, createLimits(family.spec.limits));
      names.set(key, family.spec.name);
    }
  }
  for (const part of parts.toReversed()) {
    let at = 0;
    for (const family of part.families) {
      const width = 1 + layoutOf(family.spec).valueCells;
      const those = isHidden(family, part) ? undefined : limits.get(keyOf(family));
      for (const [index, [labels, values]] of family.rows.entries()) those?.see(labels, values, part.values[at + index * width] ?? 0);
      at += family.rows.length * width;
    }
  }
  let values = 0;
  for (const [key, those] of limits) {
    for (const { label, limit, excess } of those.over()) {
      values += excess;
      remarks.over(names.get(key) as string, label, limit.limit, limit.other);
    }
  }
  remarks.excess(values);
  return limits;
}

function isPlanOf(plans: readonly Plan[], parts: readonly Part[]): boolean {
  return plans.length === parts.length && plans.every((plan, at) => isOf(plan, parts[at] as Part));
}

function isOf({ ended, slot, schema }: Plan, part: Part): boolean {
  return part.ended === ended && part.slot === slot && (schema === part.schema || schema.equals(part.schema));
}

function withWorker({ scope, spec, rows }: SnapshotFamily, worker: string): SnapshotFamily {
  return {
    scope,
    spec: { ...spec, labels: [...spec.labels, WORKER_LABEL] },
    rows: rows.map(([names, values]) => [
      [...names, WORKER_LABEL],
      [...values, worker],
    ]),
  };
}

function rowOf({ family, rows, times }: MergedFamily, names: readonly string[], values: readonly LabelValue[]): number {
  const pairs = names.map((name, at) => [name, values[at]]).sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1));
  const key = JSON.stringify(pairs);
  const row = rows.get(key) ?? family.row({ names, values }, 0);
  rows.set(key, row);
  if (row !== 0) times.set(row, (times.get(row) ?? 0) + 1);
  return row;
}

function addPart(steps: readonly Rows[], values: Float64Array): void {
  let at = 0;
  for (const step of steps) {
    const end = at + step.rows.length * (1 + step.layout.valueCells);
    if (end > values.length) return;
    if (step.family !== undefined) addRows(step.family, step, values, at);
    at = end;
  }
}
