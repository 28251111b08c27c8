/**
 * Instruments that no contract names (a library's own instrumentation): their SDK points become rows with any attributes. The SDK distinguishes
 * attributes by their types, so several points may be one row. There are no exponential histograms: the SDK creates none without a view.
 */
import type { DataPoint, MetricData } from '@opentelemetry/sdk-metrics';
import type { Kind } from '../../naming/kind.ts';
import { latin1 } from '../../node/latin1.ts';
import { attributeBytes, encodeAttributes, splitAttributes } from '../../otlp/index.ts';
import { createSpellings, type Spellings } from '../../series/by-attributes/spellings.ts';
import type { OnAdmit } from '../../series/refusals.ts';
import { writeHistogram, writeMinMax } from '../../store/index.ts';
import type { Family, Row, Scope, Source, Store } from '../../store/store.ts';
import { type ScopeParts, scopeOf } from '../otel-api/scope-of.ts';
import { uncontractedFamily } from '../uncontracted-family.ts';
import { sdkMetrics } from './packages.ts';
import { addBase, type HistogramPoint } from './sdk-points-to-rows.ts';

type Point = DataPoint<number | HistogramPoint>;

interface FamilyRows {
  readonly family: Family;
  readonly rows: Spellings<Row>;
  /** By spelling, what the last collection read of a gauge: of several spellings, the one that has changed is the newest. */
  last: ReadonlyMap<string, number>;
}

export interface PassThrough {
  /** An instrument is made. */
  made(scope: ScopeParts, name: string, ms: number): void;
  take(scope: Scope, metrics: readonly MetricData[]): void;
}

export function createPassThrough(store: Store, onAdmit: OnAdmit): PassThrough {
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
        const { name: instrument } = data.descriptor;
        const rows = createSpellings<Row>((spellings) => onAdmit({ outcome: 'respelled', instrument }, spellings));
        target = { family: declare(source, data, kind, madeAt.get(keyOf(scope, instrument))), rows, last: new Map() };
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
      return 'histogram';
    default:
      return undefined;
  }
}

function declare(source: Source, data: MetricData, kind: Kind, madeMs: number | undefined): Family {
  const { name, unit, description } = data.descriptor;
  const first = (data.dataPoints as Point[])[0]?.value;
  const bounds = typeof first === 'object' ? (first.buckets as { boundaries?: number[] }).boundaries : undefined;
  const made = madeMs === undefined ? {} : { madeMs };
  const spec = { name, kind, unit, help: description, labels: [], ...uncontractedFamily, ...made, maxAgeMs: Infinity };
  return source.family(bounds === undefined ? spec : { ...spec, bounds, minMax: true }, true);
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
function writeTotal(family: Family, row: Row, value: number | HistogramPoint, adds: boolean): void {
  const { cells, stride, rowLayout } = family;
  const at = row * stride;
  const before = adds ? cells.slice(at, at + rowLayout.valueCells) : undefined;
  if (typeof value === 'number') cells[at] = value;
  else if (rowLayout.form === 'histogram') {
    writeHistogram(rowLayout, cells, at, value.buckets.counts, value.sum ?? 0);
    writeMinMax(rowLayout, cells, at, value);
  }
  if (before !== undefined) addBase(family, at, before);
}
