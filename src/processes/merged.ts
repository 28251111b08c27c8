/** Several snapshots as one store. Which row a value goes to is worked out again only where a snapshot has other rows than before. */

import { WORKER_LABEL } from '../contract/metric.ts';
import { createStore, type Family, type LabelValue, type Source, type Store, type View } from '../store/index.ts';
import { layoutOf } from '../store/row-layout.ts';
import { addRows, blankRows, combinationOf, divide, type Rows } from './combine.ts';
import { readSchema, type Snapshot, type SnapshotFamily } from './snapshot.ts';

export interface Part extends Snapshot {
  /** Its process has ended: of a metric that is no total, nothing is left. */
  readonly ended: boolean;
  /** The process's number. Absent: none yet. */
  readonly slot?: number | undefined;
}

export interface Merged {
  /**
   * Adds up, from the newest process to the oldest. The store is another one where `parts` have other rows than the last time. Of one metric with two shapes,
   * the first is shown.
   */
  add(parts: readonly Part[]): View;
}

interface Plan {
  readonly ended: boolean;
  readonly slot: number | undefined;
  readonly schema: Buffer;
  readonly steps: readonly Rows[];
}

interface Held {
  readonly family: Family;
  readonly shape: string;
  readonly rows: Map<string, number>;
  /** How many processes have each row. */
  readonly times: Map<number, number>;
}

/** Kinds whose values only grow. */
const totals: readonly string[] = ['counter', 'histogram', 'summary'];

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
    plans = parts.map(({ ended, slot, schema }) => ({
      ended,
      slot,
      schema,
      steps: readSchema(schema).map((family) => plan(family, ended, slot, sourceOf)),
    }));
  }

  function plan(
    given: SnapshotFamily,
    ended: boolean,
    slot: number | undefined,
    sourceOf: (scope: SnapshotFamily['scope']) => Source,
  ): Rows {
    const layout = layoutOf(given.spec);
    const none = { layout, rows: new Int32Array(given.rows.length), starts: new Float64Array(given.rows.length) };
    const hidden = { ...none, family: undefined };
    if (ended && !totals.includes(given.spec.kind)) return hidden;
    const { across } = given.spec;
    if (across === 'omit' || (across === 'worker' && slot === undefined)) return hidden;
    const { scope, spec, rows } = across === 'worker' ? withWorker(given, String(slot)) : given;
    const key = JSON.stringify([scope, spec.name]);
    const shape = JSON.stringify([spec.kind, spec.unit, spec.bounds, spec.quantiles, spec.exponential, spec.minMax]);
    const before = held.get(key);
    // Without series its shape is not known yet: a registry says nothing of bounds ahead of a histogram's first series.
    const isReplaced = before?.rows.size === 0 && rows.length > 0 && before.shape !== shape;
    const made = () => sourceOf(scope).family({ ...spec, maxAgeMs: Number.POSITIVE_INFINITY }, true, before?.family);
    const known = before === undefined || isReplaced ? { family: made(), shape, rows: new Map(), times: new Map() } : before;
    if (isReplaced) before.family.end();
    held.set(key, known);
    if (known.shape !== shape) {
      if (rows.length > 0) differs(spec.name);
      return hidden;
    }
    return { ...none, family: known.family, rows: Int32Array.from(rows, ([names, values]) => rowOf(known, names, values)) };
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

function rowOf({ family, rows, times }: Held, names: readonly string[], values: readonly LabelValue[]): number {
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
