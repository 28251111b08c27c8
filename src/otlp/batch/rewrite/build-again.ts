/** A batch built again, keeping parts of it. */
import type { Batch } from '../batch.ts';
import { metricAt, resourceAt, scopeAt } from '../batch-index.ts';
import { pointsIn, walk } from '../walk.ts';
import { type Attributes, BatchBuilder } from './batch-builder.ts';
import type { Open } from './output.ts';

const nothing: Open = { content: 0, record: 0 };

/** What is kept. What is absent here keeps everything as it is. */
export interface Kept {
  /** Attributes for a resource, undefined for its own. `false`: it goes, with all in it. */
  resource?(r: number): Attributes | undefined | false;
  /** Writes a metric, or some of its points. `false`: it wrote nothing. */
  metric?(m: number): boolean;
  /** Whether a scope or resource stays in which nothing is left. @param hadNothing so it was before */
  empty?(part: 'scope' | 'resource', hadNothing: boolean): boolean;
}

/** Writes a batch behind what the builder has, keeping these. Returns whether something of it is left. */
export function buildAgain(builder: BatchBuilder, batch: Batch, { resource, metric, empty }: Kept = {}): boolean {
  const { index } = batch;
  let [openResource, openScope] = [nothing, nothing];
  let [hasMetrics, hasScopes, left] = [false, false, false];
  builder.goOn(batch);
  walk(batch, {
    resource(r) {
      const attributes = resource?.(r);
      if (attributes === false) return false;
      openResource = builder.openResource(r, attributes);
      hasScopes = false;
      return true;
    },
    scope(s) {
      openScope = builder.openScope(s);
      hasMetrics = false;
    },
    metric(m) {
      if (metric === undefined) builder.metric(m);
      else if (!metric(m)) return;
      hasMetrics = true;
    },
    leftScope(s) {
      if (hasMetrics || empty === undefined || empty('scope', index[s + scopeAt.end] === s + scopeAt.size)) {
        builder.closeScope(openScope);
        hasScopes = true;
      } else builder.drop(openScope);
    },
    leftResource(r) {
      if (hasScopes || empty === undefined || empty('resource', index[r + resourceAt.end] === r + resourceAt.size)) {
        builder.closeResource(openResource);
        left = true;
      } else builder.drop(openResource);
    },
  });
  return left;
}

/** A batch with the points from one number up to another. It is valid until the next call. */
export type Slice = (batch: Batch, from: number, to: number) => Batch;

/** What has no points stands where the next point does. */
export function createSlice(): Slice {
  const builder = new BatchBuilder();
  return (batch, from, to) => {
    const { index } = batch;
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

    builder.clear();
    buildAgain(builder, batch, { metric, empty: (_, hadNothing) => hadNothing && isIn(number, number) });
    return builder.end();
  };
}
