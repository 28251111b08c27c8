/**
 * The walk over a batch's parts, by the offsets of their records in its index: `walk` calls a visitor and makes no object a part;
 * the generators are for readers that stop or pause on the way.
 */
import type { Batch } from './batch.ts';
import { metricAt, metricType, resourceAt, scopeAt } from './batch-index.ts';

/** Called for each part, a parent ahead of its children; `leftScope` and `leftResource` behind them. */
export interface Visitor {
  /** `false`: what is in it is passed over. */
  resource?(r: number): unknown;
  scope?(s: number, r: number): void;
  metric(m: number, s: number, r: number): void;
  leftScope?(s: number): void;
  leftResource?(r: number): void;
}

export function walk({ index, length }: Batch, visitor: Visitor): void {
  for (let r = 0; r < length; r = index[r + resourceAt.end] as number) {
    if (visitor.resource?.(r) === false) continue;
    for (let s = r + resourceAt.size; s < (index[r + resourceAt.end] as number); s = index[s + scopeAt.end] as number) {
      visitor.scope?.(s, r);
      for (let m = s + scopeAt.size; m < (index[s + scopeAt.end] as number); m = index[m + metricAt.end] as number)
        visitor.metric(m, s, r);
      visitor.leftScope?.(s);
    }
    visitor.leftResource?.(r);
  }
}

/** Points of a metric; 0 where it has no type. */
export function pointsIn({ index }: Batch, m: number): number {
  if (index[m + metricAt.type] === metricType.none) return 0;
  return ((index[m + metricAt.end] as number) - m - metricAt.size) / (index[m + metricAt.stride] as number);
}

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
