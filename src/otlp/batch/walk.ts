/** The parts of a batch, by the places of their records in its index. */
import type { Batch } from './batch.ts';
import { metricAt, resourceAt, scopeAt } from './batch-index.ts';

export function* resourcesOf({ index, length }: Batch): Generator<number> {
  for (let r = 0; r < length; r = index[r + resourceAt.end] as number) yield r;
}

export function* scopesOf({ index }: Batch, resource: number): Generator<number> {
  const end = index[resource + resourceAt.end] as number;
  for (let s = resource + resourceAt.size; s < end; s = index[s + scopeAt.end] as number) yield s;
}

export function* metricsOf({ index }: Batch, scope: number): Generator<number> {
  const end = index[scope + scopeAt.end] as number;
  for (let m = scope + scopeAt.size; m < end; m = index[m + metricAt.end] as number) yield m;
}

export function* pointsOf({ index }: Batch, metric: number): Generator<number> {
  const end = index[metric + metricAt.end] as number;
  const stride = index[metric + metricAt.stride] as number;
  for (let p = metric + metricAt.size; p < end; p += stride) yield p;
}
