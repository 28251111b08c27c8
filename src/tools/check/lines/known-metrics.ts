/**
 * The metrics that have come, each with its name in Prometheus, worked out as a Collector's `prometheus` exporter does by
 * default.
 */
import { createStore } from '../../../core/store/index.ts';
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import { metricAt, metricType, scopeAt } from '../../../formats/otlp/batch/batch-index.ts';
import type { MetricNode } from '../../../formats/otlp/batch/batch-tree.ts';
import { stringIn } from '../../../formats/otlp/wire/read-message.ts';
import {
  type Claimed,
  createSeriesNames,
  type NamedMetric,
  type NotShown,
  type ReceivedMetric,
  type Target,
} from '../../../service/received/names/index.ts';
import { createRoom } from '../distinct.ts';
import type { ObservedFamily } from '../observed.ts';
import { createFamilyTally, type FamilyTally } from './families.ts';
import type { Report } from './report.ts';

export interface KnownMetric {
  readonly number: number;
  readonly claimed: Claimed;
  /** As on a process's own page: neither `job` and `instance` nor the scope's. */
  readonly labels: NamedMetric['labels'];
  readonly tally: FamilyTally;
}

export interface KnownMetrics {
  /** Undefined: it has no series. */
  of(
    batch: Batch,
    scope: number,
    at: number,
    metric: MetricNode,
    target: Target,
    line: number | undefined,
  ): KnownMetric | undefined;
  /** In the order in which they came, those without a series left out. */
  families(): readonly ObservedFamily[];
}

const mostFamilies = 100_000;
const mostMetrics = 2 * mostFamilies;

const typeNames: Readonly<Record<number, ReceivedMetric['type']>> = {
  [metricType.gauge]: 'gauge',
  [metricType.sum]: 'sum',
  [metricType.histogram]: 'histogram',
  [metricType.exponentialHistogram]: 'exponentialHistogram',
  [metricType.summary]: 'summary',
};

const noTarget: Target = Object.freeze({ job: '', instance: '', attributes: [], others: [] });

export function createKnownMetrics(report: Report): KnownMetrics {
  const metrics = new Map<string, KnownMetric>();
  const families = new Map<string, FamilyTally>();
  const room = createRoom();
  let warned: string | undefined;
  const names = createSeriesNames({
    source: createStore().source({ scope: { name: '' } }),
    strategy: 'UnderscoreEscapingWithSuffixes',
    namespace: '',
    constLabels: new Map(),
    withoutScope: true,
    resourceLabels: 'none',
    exemplars: false,
    timestamps: false,
    maxFamilies: mostFamilies,
    warn: (message) => {
      [warned] = message.split(/\. (?:Rename|Describe) /, 1);
    },
  });

  function make(
    batch: Batch,
    s: number,
    m: number,
    metric: MetricNode,
    target: Target,
    line: number | undefined,
  ): KnownMetric | NotShown {
    const type = typeNames[metric.type];
    if (type === undefined) return { reason: 'no_data' };
    if (metrics.size >= mostMetrics) return { reason: 'family_limit' };
    const { bytes, index } = batch;
    const scope = names.scope(bytes.slice(index[s + scopeAt.from], index[s + scopeAt.to]), '');
    const { name, unit, description, monotonic } = metric;
    const metadata = bytes.slice(index[m + metricAt.metadataFrom], index[m + metricAt.metadataTo]);
    const named = names.metric(target, scope, { name, unit, description, monotonic, type, metadata });
    if ('reason' in named) return named;
    const { claimed } = named;
    const tally = families.get(claimed.name) ?? createFamilyTally(claimed, metric, scopeName(batch, s), line, room);
    families.set(claimed.name, tally);
    return { number: metrics.size, claimed, labels: names.labels(noTarget, scope, claimed), tally };
  }

  function reportRefused({ reason }: NotShown, name: string, line: number | undefined): void {
    if (reason === 'family_limit') report.add('otlp-limit-families', '', name, { line });
    if (reason === 'type_conflict' || reason === 'name_conflict')
      report.add('otlp-name-conflict', name, warned ?? name, { line });
  }

  return {
    of(batch, s, m, metric, target, line) {
      const key = keyOf(scopeName(batch, s), metric);
      const found = metrics.get(key);
      if (found !== undefined) return found;
      warned = undefined;
      const made = make(batch, s, m, metric, target, line);
      if ('reason' in made) {
        reportRefused(made, metric.name, line);
        return undefined;
      }
      metrics.set(key, made);
      if (warned !== undefined) report.add('otlp-metadata', metric.name, warned, { line, family: made.claimed.name });
      return made;
    },
    families: () => [...families.values()].map((tally) => tally.observed()).filter(({ series }) => series > 0),
  };
}

function scopeName({ bytes, index }: Batch, s: number): string {
  return stringIn(bytes, index[s + scopeAt.nameFrom] as number, index[s + scopeAt.nameTo] as number);
}

function keyOf(scope: string, { name, unit, description, type, temporality, monotonic }: MetricNode): string {
  return JSON.stringify([scope, name, unit, description, type, temporality, monotonic]);
}
