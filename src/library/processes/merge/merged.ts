/**
 * Several snapshots as one store. Which row a value goes to is worked out again only where a snapshot has other rows than before.
 */

import { WORKER_LABEL } from '../../../core/contract/metric.ts';
import { layoutOf } from '../../../core/store/cells/row-layout.ts';
import { createStore, type Family, type LabelValue, type Source, type Store, type View } from '../../../core/store/index.ts';
import { labelTextOf } from '../../../formats/otlp/value/labels.ts';
import { readSchema, type Snapshot, type SnapshotFamily } from '../record/snapshot.ts';
import { addRows, blankRows, combinationOf, divide, type Rows } from './combine.ts';
import { createLimits, type LabelLimits, type Limit } from './limits.ts';

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
   * Adds up, from the newest process to the oldest. The store is another one where `parts` have other rows than the last time. Of
   * one metric with two shapes, the first is shown.
   */
  add(parts: readonly Part[]): View;
}

/** Its families alone. */
export function withoutRows({ schema }: Snapshot): Snapshot {
  const families = readSchema(schema).map((family) => ({ ...family, rows: [] }));
  return { schema: Buffer.from(JSON.stringify(families)), values: new Float64Array(0) };
}

/** What does not show in the sum as it is. */
export interface Remarks {
  /** Ended processes have declared a metric otherwise than running ones do. Where totals are kept. */
  changed(name: string): void;
  /** Two processes declare a metric with different bounds, quantiles or kinds. */
  differs(name: string): void;
  /** A label has more values than its limit. */
  over(name: string, label: string, limit: Limit): void;
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

/** Where totals are kept: what becomes of those of a metric that no running process declares. */
export type Undeclared = 'keep' | 'hide';

/** `undeclared`: totals are kept. */
export function createMerged(remarks: Remarks, undeclared?: Undeclared): Merged {
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
    const declared = undeclared === undefined ? undefined : declaredBy(read);
    plans = read.map(({ ended, slot, schema, families }) => ({
      ended,
      slot,
      schema,
      steps: families.map((family) => {
        const isLeftOut = ended && declared !== undefined && leavesOut(family, declared.get(keyOf(family)));
        return isLeftOut ? hiddenRows(family) : plan(family, { ended, slot }, sourceOf, limits.get(keyOf(family)));
      }),
    }));
  }

  /** Of kept totals. */
  function leavesOut(family: SnapshotFamily, declared: SnapshotFamily | undefined): boolean {
    if (declared === undefined) return undeclared === 'hide';
    const isChanged = family.rows.length > 0 && differ(declared, family);
    if (isChanged && totals.includes(family.spec.kind)) remarks.changed(family.spec.name);
    return isChanged;
  }

  function plan(
    given: SnapshotFamily,
    of: Pick<Part, 'ended' | 'slot'>,
    sourceOf: SourceOf,
    limits: LabelLimits | undefined,
  ): Rows {
    const hidden = hiddenRows(given);
    if (isHidden(given, of)) return hidden;
    const { scope, spec, rows } = given.spec.across === 'worker' ? withWorker(given, String(of.slot)) : given;
    const key = keyOf(given);
    const shape = shapeOf(spec);
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
    return { ...hidden, family: known.family, rows: Int32Array.from(rows, ([names, values]) => rowFor(names, values)) };
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

function shapeOf({ kind, unit, bounds, quantiles, exponential, minMax }: SnapshotFamily['spec']): string {
  return JSON.stringify([kind, unit, bounds, quantiles, exponential, minMax]);
}

/** Whether the contract of a metric has changed. What is not known of it yet does not count. */
function differ(declared: SnapshotFamily, kept: SnapshotFamily): boolean {
  const names = [labelsOf(declared), labelsOf(kept)];
  const areOther = names.every((one) => one !== undefined) && names[0] !== names[1];
  return areOther || (isKnown(declared) && shapeOf(declared.spec) !== shapeOf(kept.spec));
}

/** Undefined: its series have several sets of names, or none are known. */
function labelsOf({ spec, rows }: SnapshotFamily): string | undefined {
  const known = rows.length === 0 && spec.labels.length > 0 ? [spec.labels] : rows.map(([names]) => names);
  const sets = new Set(known.map((names) => JSON.stringify(names.toSorted())));
  return sets.size === 1 ? [...sets][0] : undefined;
}

/** Without series, a registry's histogram has no bounds yet. */
function isKnown({ spec: { kind, bounds = [], exponential }, rows }: SnapshotFamily): boolean {
  return kind !== 'histogram' || rows.length > 0 || bounds.length > 0 || exponential !== undefined;
}

/** By key, each family as the newest running process declares it. */
function declaredBy(
  parts: readonly { readonly ended: boolean; readonly families: readonly SnapshotFamily[] }[],
): ReadonlyMap<string, SnapshotFamily> {
  const running = parts.filter(({ ended }) => !ended).flatMap(({ families }) => families);
  return new Map(running.toReversed().map((family) => [keyOf(family), family]));
}

function hiddenRows({ spec, rows: { length } }: SnapshotFamily): Rows {
  return { family: undefined, layout: layoutOf(spec), rows: new Int32Array(length), starts: new Float64Array(length) };
}

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
      for (const [index, [labels, values]] of family.rows.entries())
        those?.see(labels, values, part.values[at + index * width] ?? 0);
      at += family.rows.length * width;
    }
  }
  let values = 0;
  for (const [key, those] of limits) {
    for (const { label, limit, excess } of those.over()) {
      values += excess;
      remarks.over(names.get(key) as string, label, limit);
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

/**
 * Processes may be the first to spell attributes differently: a value's type and an empty value make no other series
 * (`Spellings`).
 */
function keyOfLabels(names: readonly string[], values: readonly LabelValue[]): string {
  const pairs = names
    .map((name, at): [string, string] => [name, labelTextOf(values[at] as LabelValue)])
    .filter(([, text]) => text !== '');
  return JSON.stringify(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function rowOf({ family, rows, times }: MergedFamily, names: readonly string[], values: readonly LabelValue[]): number {
  const key = keyOfLabels(names, values);
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
