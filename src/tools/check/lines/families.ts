/** What the points of a family have in common, counted as they come. */
import { metricType } from '../../../formats/otlp/batch/batch-index.ts';
import type { MetricNode } from '../../../formats/otlp/batch/batch-tree.ts';
import { temporalities } from '../../../formats/otlp/wire/protobuf-tags.ts';
import type { Claimed } from '../../../service/received/names/index.ts';
import { countLabel, createLabelTally, type LabelTally, observedLabels, type Room } from '../distinct.ts';
import type { ObservedFamily } from '../observed.ts';
import type { Labels, Taken } from './streams.ts';

const mostBounds = 10;
const mostQuantiles = 1_000;

export interface FamilyTally {
  /** A point of `metric`. */
  take(metric: Pick<MetricNode, 'type'>, labels: Labels, taken: Taken): void;
  observed(): ObservedFamily;
}

export function createFamilyTally(
  claimed: Claimed,
  metric: MetricNode,
  scope: string,
  line: number | undefined,
  room: Room,
): FamilyTally {
  /** By their labels: whether all values so far are 1. */
  const series = new Map<string, boolean>();
  const labelTallies = new Map<string, LabelTally>();
  const bounds = new Map<string, readonly number[]>();
  const quantiles = new Set<number>();
  let native = false;
  let starts = 0;
  let ones = 0;

  function count(labels: Labels, { value, hasStart }: Taken): void {
    const key = JSON.stringify([...labels.names, ...labels.values]);
    const wasOne = series.get(key);
    const isOne = value.number === 1 && wasOne !== false;
    if (wasOne === undefined) {
      for (const [at, name] of labels.names.entries()) countOf(name, labels.values[at] as string);
      if (hasStart) starts++;
    }
    if (wasOne !== isOne) {
      series.set(key, isOne);
      if (isOne) ones++;
      else if (wasOne === true) ones--;
    }
  }

  function countOf(name: string, value: string): void {
    // "A label with an empty value is considered equivalent to a label that does not exist" (Prometheus, data model).
    if (value === '') return;
    const tally = labelTallies.get(name) ?? createLabelTally(room);
    labelTallies.set(name, tally);
    countLabel(tally, value);
  }

  return {
    take({ type }, labels, taken) {
      const { value } = taken;
      count(labels, taken);
      if (type === metricType.exponentialHistogram) native = true;
      if (type === metricType.histogram && bounds.size < mostBounds) bounds.set(value.bounds.join(), value.bounds);
      if (quantiles.size < mostQuantiles) for (const [quantile] of value.quantiles) quantiles.add(quantile);
    },
    observed: () =>
      Object.freeze<ObservedFamily>({
        name: claimed.name,
        kind: claimed.kind === 'gauge' && metric.type === metricType.sum ? 'updowncounter' : claimed.kind,
        typed: true,
        help: metric.description === '' ? undefined : metric.description,
        unit: metric.unit === '' ? undefined : metric.unit,
        line,
        series: series.size,
        labels: observedLabels(labelTallies),
        bounds: [...bounds.values()],
        quantiles: [...quantiles].sort((a, b) => a - b),
        native,
        starts,
        ones,
        instrument: Object.freeze({ scope, name: metric.name, monotonic: metric.monotonic, temporality: temporalityOf(metric) }),
      }),
  };
}

function temporalityOf({ temporality }: MetricNode): 'cumulative' | 'delta' | undefined {
  if (temporality === temporalities.cumulative) return 'cumulative';
  return temporality === temporalities.delta ? 'delta' : undefined;
}
