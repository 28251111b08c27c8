/** A batch as plain objects, for components that read everything. */
import type { Batch } from '../../formats/otlp/batch/batch.ts';
import { metricAt, metricType } from '../../formats/otlp/batch/batch-index.ts';
import {
  type ExponentialHistogramNode,
  exponentialHistogramNode,
  type HistogramNode,
  histogramNode,
  type MetricNode,
  metricNode,
  type NumberNode,
  numberNode,
  type ResourceNode,
  resourceNode,
  type ScopeNode,
  type SummaryNode,
  scopeNode,
  summaryNode,
} from '../../formats/otlp/batch/batch-tree.ts';
import { metricsOf, pointsOf, resourcesOf, scopesOf } from '../../formats/otlp/batch/walk.ts';

/** The metric, and its points by its type. */
export type MetricTree = { readonly metric: MetricNode } & (
  | { readonly type: 'gauge' | 'sum'; readonly points: readonly NumberNode[] }
  | { readonly type: 'histogram'; readonly points: readonly HistogramNode[] }
  | { readonly type: 'exponentialHistogram'; readonly points: readonly ExponentialHistogramNode[] }
  | { readonly type: 'summary'; readonly points: readonly SummaryNode[] }
);

export interface ScopeTree {
  readonly scope: ScopeNode;
  readonly metrics: readonly MetricTree[];
}

export interface ResourceTree {
  readonly resource: ResourceNode;
  readonly scopes: readonly ScopeTree[];
}

/**
 * Reads a batch whole: names as in OTLP's JSON, 64-bit integers as `bigint`. Takes an object a point; bytes in it are views of
 * the batch.
 */
export function batchTree(batch: Batch): readonly ResourceTree[] {
  return [...resourcesOf(batch)].map((r) => ({
    resource: resourceNode(batch, r),
    scopes: [...scopesOf(batch, r)].map((s) => ({
      scope: scopeNode(batch, s),
      metrics: [...metricsOf(batch, s)].flatMap((m) => metricTree(batch, m) ?? []),
    })),
  }));
}

function metricTree(batch: Batch, at: number): MetricTree | undefined {
  const metric = metricNode(batch, at);
  const all = <T>(node: (batch: Batch, point: number) => T) => [...pointsOf(batch, at)].map((point) => node(batch, point));
  switch (batch.index[at + metricAt.type]) {
    case metricType.gauge:
      return { metric, type: 'gauge', points: all(numberNode) };
    case metricType.sum:
      return { metric, type: 'sum', points: all(numberNode) };
    case metricType.histogram:
      return { metric, type: 'histogram', points: all(histogramNode) };
    case metricType.exponentialHistogram:
      return { metric, type: 'exponentialHistogram', points: all(exponentialHistogramNode) };
    case metricType.summary:
      return { metric, type: 'summary', points: all(summaryNode) };
    default:
      return undefined;
  }
}
