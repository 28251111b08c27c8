/** A batch built again, keeping parts of it. */
import type { Batch } from '../batch.ts';
import { metricAt, resourceAt, scopeAt } from '../batch-index.ts';
import { metricsOf, pointsIn, resourcesOf, scopesOf, walk } from '../walk.ts';
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

/**
 * A batch in pieces of `most` points, and a last one of what is left. Each is valid until the next one. What has no points is in
 * the piece of the next point.
 */
export function* inPieces(batch: Batch, most: number): Generator<Batch> {
  const { index } = batch;
  const builder = new BatchBuilder();
  builder.goOn(batch);
  /** Points that no piece has yet. */
  let left = batch.points;
  let [resource, scope] = [nothing, nothing];

  /** Ends a piece that is full, within these. */
  function* cut(r?: number, s?: number): Generator<Batch> {
    if (builder.size < most || left === 0) return;
    if (s !== undefined) builder.closeScope(scope);
    if (r !== undefined) builder.closeResource(resource);
    yield builder.end();
    builder.clear();
    if (r !== undefined) resource = builder.openResource(r, undefined);
    if (s !== undefined) scope = builder.openScope(s);
  }

  function* metric(m: number, s: number, r: number): Generator<Batch> {
    const count = pointsIn(batch, m);
    const stride = index[m + metricAt.stride] as number;
    let at = 0;
    do {
      yield* cut(r, s);
      const next = Math.min(count, at + most - builder.size);
      if (next - at === count) builder.metric(m);
      else builder.somePoints(m, m + metricAt.size + at * stride, m + metricAt.size + next * stride);
      left -= next - at;
      at = next;
    } while (at < count);
  }

  for (const r of resourcesOf(batch)) {
    yield* cut();
    resource = builder.openResource(r, undefined);
    for (const s of scopesOf(batch, r)) {
      yield* cut(r);
      scope = builder.openScope(s);
      for (const m of metricsOf(batch, s)) yield* metric(m, s, r);
      builder.closeScope(scope);
    }
    builder.closeResource(resource);
  }
  yield builder.end();
}
