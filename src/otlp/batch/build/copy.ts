/** Parts of a batch, copied one after the other. */
import type { Batch } from '../batch.ts';
import { metricAt, resourceAt, scopeAt } from '../batch-index.ts';
import { pointsIn } from '../walk.ts';
import { BatchBuilder } from './batch-builder.ts';

/** The scopes of a resource, which is open, with what `metric` writes of each metric. */
export function copyScopes(builder: BatchBuilder, { index }: Batch, r: number, metric: (m: number) => void): void {
  for (let s = r + resourceAt.size; s < (index[r + resourceAt.end] as number); s = index[s + scopeAt.end] as number) {
    const scope = builder.openScope(s);
    for (let m = s + scopeAt.size; m < (index[s + scopeAt.end] as number); m = index[m + metricAt.end] as number) metric(m);
    builder.closeScope(scope);
  }
}

/** Writes a whole batch behind what the builder has. */
export function append(builder: BatchBuilder, batch: Batch): void {
  const { index, length } = batch;
  builder.goOn(batch);
  for (let r = 0; r < length; r = index[r + resourceAt.end] as number) {
    const resource = builder.openResource(r, undefined);
    copyScopes(builder, batch, r, (m) => builder.metric(m));
    builder.closeResource(resource);
  }
}

/** A batch with the points from one number up to another. It is valid until the next call. */
export type Slice = (batch: Batch, from: number, to: number) => Batch;

/** What has no points stands where the next point does. */
export function createSlice(): Slice {
  const builder = new BatchBuilder();
  return (batch, from, to) => {
    const { index, length } = batch;
    builder.begin(batch);
    /** The number of the next point. */
    let number = 0;
    const isIn = (first: number, end: number) =>
      first === end ? first >= from && (first < to || to === batch.points) : first < to && end > from;

    function metric(m: number): boolean {
      const stride = index[m + metricAt.stride] as number;
      const points = m + metricAt.size;
      const count = pointsIn(batch, m);
      const first = number;
      number += count;
      if (!isIn(first, number)) return false;
      if (first >= from && number <= to) builder.metric(m);
      else builder.somePoints(m, points + Math.max(0, from - first) * stride, points + Math.min(count, to - first) * stride);
      return true;
    }

    function scope(s: number): boolean {
      const open = builder.openScope(s);
      const end = index[s + scopeAt.end] as number;
      let any = end === s + scopeAt.size && isIn(number, number);
      for (let m = s + scopeAt.size; m < end; m = index[m + metricAt.end] as number) if (metric(m)) any = true;
      if (any) builder.closeScope(open);
      else builder.drop(open);
      return any;
    }

    for (let r = 0; r < length; r = index[r + resourceAt.end] as number) {
      const open = builder.openResource(r, undefined);
      const end = index[r + resourceAt.end] as number;
      let any = end === r + resourceAt.size && isIn(number, number);
      for (let s = r + resourceAt.size; s < end; s = index[s + scopeAt.end] as number) if (scope(s)) any = true;
      if (any) builder.closeResource(open);
      else builder.drop(open);
    }
    return builder.end();
  };
}
