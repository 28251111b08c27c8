/**
 * Instruments that no contract names (a library's own instrumentation): their SDK points become rows with any attributes. The SDK
 * distinguishes attributes by their types, so several points may be one row.
 */
import type { DataPoint, MetricData } from '@opentelemetry/sdk-metrics';
import type { Kind } from '../../../core/naming/kind.ts';
import { latin1 } from '../../../core/node/latin1.ts';
import type { Family, FamilySpec, Row, Scope, Source, Store } from '../../../core/store/store.ts';
import { attributeBytes, encodeAttributes, splitAttributes } from '../../../formats/otlp/index.ts';
import { createSpellings, type Spellings } from '../../series/by-attributes/spellings.ts';
import type { OnAdmit } from '../../series/refusals.ts';
import { type ScopeParts, scopeOf } from '../otel-api/scope-of.ts';
import { uncontractedFamily } from '../uncontracted-family.ts';
import { exponentialShape, recordsMinMax } from '../views/forms.ts';
import type { ViewOptions } from '../views/view-options.ts';
import { sdkMetrics } from './packages.ts';
import { addBase, type PointValue, writePointValue } from './sdk-points-to-rows.ts';
import { readStreamName } from './viewed-provider.ts';

type Point = DataPoint<PointValue>;

interface FamilyRows {
  readonly family: Family;
  readonly rows: Spellings<Row>;
  /** By spelling, what the last collection read of a gauge: of several spellings, the one that has changed is the newest. */
  last: ReadonlyMap<string, number>;
}

export interface PassThrough {
  /** An instrument of the SDK is made. */
  made(scope: ScopeParts, name: string, ms: number): void;
  take(scope: Scope, metrics: readonly MetricData[]): void;
}

/** @param views by their places, those that streams' names begin with */
export function createPassThrough(store: Store, onAdmit: OnAdmit, views: readonly ViewOptions[]): PassThrough {
  const sources = new Map<string, Source>();
  const families = new Map<string, FamilyRows>();
  /** By scope and name, when the first instrument was made. */
  const madeAt = new Map<string, number>();

  function made(scope: ScopeParts, name: string, ms: number): void {
    const key = keyOf(scope, name);
    if (!madeAt.has(key)) madeAt.set(key, ms);
  }

  function take(scope: Scope, metrics: readonly MetricData[]): void {
    const scopeKey = keyOf(scope);
    for (const data of metrics) {
      const kind = kindOf(data);
      if (kind === undefined) continue;
      let source = sources.get(scopeKey);
      if (source === undefined) {
        source = store.source({ scope: scopeOf(scope) });
        sources.set(scopeKey, source);
      }
      const key = JSON.stringify([scopeKey, data.descriptor.name, kind, data.descriptor.unit]);
      let target = families.get(key);
      if (target === undefined) {
        // Only the points of a histogram carry its bounds.
        if (data.dataPoints.length === 0) continue;
        const { name: instrument, view } =
          views.length === 0 ? { ...data.descriptor, view: undefined } : readStreamName(data.descriptor.name, views);
        const rows = createSpellings<Row>((spellings) => onAdmit({ outcome: 'respelled', instrument }, spellings));
        const spec = { ...specOf(data, kind, instrument, view), ...madeOf(madeAt.get(keyOf(scope, data.descriptor.name))) };
        target = { family: source.family(spec, true), rows, last: new Map() };
        families.set(key, target);
      }
      const { description } = data.descriptor;
      if (target.family.spec.help !== description) target.family.describe(description);
      pointsToRows(source, target, data.dataPoints as Point[]);
    }
  }

  return Object.freeze<PassThrough>({ made, take });
}

function keyOf(scope: ScopeParts, ...more: readonly string[]): string {
  const { name, version, schemaUrl } = scopeOf(scope);
  return JSON.stringify([name, version, schemaUrl, ...more]);
}

function kindOf(data: MetricData): Kind | undefined {
  const { DataPointType } = sdkMetrics();
  switch (data.dataPointType) {
    case DataPointType.SUM:
      return data.isMonotonic ? 'counter' : 'updowncounter';
    case DataPointType.GAUGE:
      return 'gauge';
    case DataPointType.HISTOGRAM:
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      return 'histogram';
    default:
      return undefined;
  }
}

function madeOf(madeMs: number | undefined): Pick<FamilySpec, 'madeMs'> {
  return madeMs === undefined ? {} : { madeMs };
}

function specOf({ descriptor, dataPoints }: MetricData, kind: Kind, name: string, view: ViewOptions | undefined): FamilySpec {
  const { unit, description: help } = descriptor;
  const spec = { name, kind, unit, help, labels: [], ...uncontractedFamily, maxAgeMs: Infinity };
  const first = (dataPoints as Point[])[0]?.value;
  if (first === undefined || typeof first === 'number') return spec;
  const minMax = recordsMinMax(view);
  if ('scale' in first) return { ...spec, minMax, exponential: exponentialShape(view) };
  const { boundaries: bounds } = first.buckets;
  return { ...spec, bounds, minMax, ...(first.sum === undefined && { noSum: true }) };
}

function pointsToRows(source: Source, target: FamilyRows, points: readonly Point[]): void {
  const { family, rows } = target;
  const written = new Set<Row>();
  const last = new Map<string, number>();
  source.replace(
    [family],
    () => {
      for (const { attributes, value, startTime } of points) {
        const identity = encodeAttributes(attributes);
        const key = latin1(identity);
        const known = rows.first(key) ?? rows.aliased(key);
        const startMs = startTime[0] * 1_000 + startTime[1] / 1_000_000;
        const row = known ?? rows.enter(key, identity, () => family.row(splitAttributes(identity), startMs));
        if (row === 0) {
          // No room; the next collection tries again.
          rows.remove(key);
          continue;
        }
        family.keep(row);
        if (family.spec.kind === 'gauge') {
          const isNewest = !Object.is(target.last.get(key), value);
          if (isNewest) family.cells[row * family.stride] = value as number;
          last.set(key, value as number);
        } else writeTotal(family, row, value, written.has(row));
        written.add(row);
      }
    },
    (_family, gone) => rows.remove(latin1(attributeBytes(family.labels(gone)))),
  );
  target.last = last;
}

/** @param adds another point of this collection has been written to the row */
function writeTotal(family: Family, row: Row, value: PointValue, adds: boolean): void {
  const { cells, stride, rowLayout } = family;
  const at = row * stride;
  const before = adds ? cells.slice(at, at + rowLayout.valueCells) : undefined;
  writePointValue(family, at, value);
  if (before !== undefined) addBase(family, at, before);
}
