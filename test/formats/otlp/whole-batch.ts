/** A batch as one tree, for tests: by the index, with what the readers of values say of each point beside it. */
import type { Batch } from '../../../src/formats/otlp/batch/batch.ts';
import { metricAt, metricType, resourceAt, scopeAt } from '../../../src/formats/otlp/batch/batch-index.ts';
import {
  exponentialHistogramNode,
  histogramNode,
  metricNode,
  numberNode,
  resourceNode,
  scopeNode,
  summaryNode,
} from '../../../src/formats/otlp/batch/batch-tree.ts';

export type Visit = (point: number, type: number) => unknown;

/** What `visit` says of every point, within its metric, scope and resource. */
export function wholeBatch(batch: Batch, visit: Visit) {
  const { index, length } = batch;
  const at = (place: number) => index[place] as number;
  const all = (from: number, to: number, next: (place: number) => number, make: (place: number) => unknown) => {
    const made: unknown[] = [];
    for (let place = from; place < to; place = next(place)) made.push(make(place));
    return made;
  };
  const points = (m: number) =>
    all(
      m + metricAt.size,
      at(m + metricAt.end),
      (p) => p + at(m + metricAt.stride),
      (p) => visit(p, at(m + metricAt.type)),
    );
  const metrics = (s: number) =>
    all(
      s + scopeAt.size,
      at(s + scopeAt.end),
      (m) => at(m + metricAt.end),
      (m) => ({ ...metricNode(batch, m), points: points(m) }),
    );
  const scopes = (r: number) =>
    all(
      r + resourceAt.size,
      at(r + resourceAt.end),
      (s) => at(s + scopeAt.end),
      (s) => ({ ...scopeNode(batch, s), metrics: metrics(s) }),
    );
  return all(
    0,
    length,
    (r) => at(r + resourceAt.end),
    (r) => ({ ...resourceNode(batch, r), scopes: scopes(r) }),
  );
}

export function pointNode(batch: Batch, point: number, type: number): object {
  if (type === metricType.histogram) return histogramNode(batch, point);
  if (type === metricType.exponentialHistogram) return exponentialHistogramNode(batch, point);
  return type === metricType.summary ? summaryNode(batch, point) : numberNode(batch, point);
}
