/**
 * Instruments that no contract names (a library's own instrumentation): their SDK points become rows with any attributes. There are no
 * exponential histograms: the SDK creates none without a view.
 */
import type { DataPoint, MetricData } from '@opentelemetry/sdk-metrics';
import type { Kind } from '../../naming/kind.ts';
import { latin1 } from '../../node/latin1.ts';
import { attributeBytes, encodeAttributes, splitAttributes } from '../../otlp/index.ts';
import { writeHistogram, writeMinMax } from '../../store/index.ts';
import type { Family, Row, Scope, Source, Store } from '../../store/store.ts';
import { scopeOf } from '../otel-api/scope-of.ts';
import { uncontractedFamily } from '../uncontracted-family.ts';
import { sdkMetrics } from './packages.ts';
import type { HistogramPoint } from './sdk-points-to-rows.ts';

type Point = DataPoint<number | HistogramPoint>;

interface FamilyRows {
  readonly family: Family;
  /** By the bytes of the identity, as a string. */
  readonly rows: Map<string, Row>;
}

export function createPassThrough(store: Store): (scope: Scope, metrics: readonly MetricData[]) => void {
  const sources = new Map<string, Source>();
  const families = new Map<string, FamilyRows>();

  return (scope, metrics) => {
    const scopeKey = JSON.stringify([scope.name, scope.version, scope.schemaUrl]);
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
        target = { family: declare(source, data, kind), rows: new Map() };
        families.set(key, target);
      }
      pointsToRows(source, target, data.dataPoints as Point[]);
    }
  };
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

function declare(source: Source, data: MetricData, kind: Kind): Family {
  const { name, unit, description } = data.descriptor;
  const first = (data.dataPoints as Point[])[0]?.value;
  const bounds = typeof first === 'object' ? (first.buckets as { boundaries?: number[] }).boundaries : undefined;
  const spec = { name, kind, unit, help: description, labels: [], ...uncontractedFamily, maxAgeMs: Infinity };
  return source.family(bounds === undefined ? spec : { ...spec, bounds, minMax: true }, true);
}

function pointsToRows(source: Source, { family, rows }: FamilyRows, points: readonly Point[]): void {
  source.replace(
    [family],
    () => {
      for (const { attributes, value, startTime } of points) {
        const identity = encodeAttributes(attributes);
        const key = latin1(identity);
        let row = rows.get(key);
        if (row === undefined) {
          row = family.row(splitAttributes(identity), startTime[0] * 1_000 + startTime[1] / 1_000_000);
          if (row === 0) continue;
          rows.set(key, row);
        } else family.keep(row);
        const { cells, stride, rowLayout } = family;
        const at = row * stride;
        if (typeof value === 'number') cells[at] = value;
        else if (rowLayout.form === 'histogram') {
          writeHistogram(rowLayout, cells, at, value.buckets.counts, value.sum ?? 0);
          writeMinMax(rowLayout, cells, at, value);
        }
      }
    },
    (_family, gone) => void rows.delete(latin1(attributeBytes(family.labels(gone)))),
  );
}
