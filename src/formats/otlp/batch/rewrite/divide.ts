/** A batch in parts, so that each is applied in a short time. */
import type { Batch } from '../batch.ts';
import { metricAt, numberAt, pointAt, resourceAt } from '../batch-index.ts';
import { metricsOf, pointsOf, resourcesOf, scopesOf, walk } from '../walk.ts';
import { BatchBuilder } from './batch-builder.ts';
import type { Open } from './output.ts';

/** What a new resource, scope or metric costs who takes it, as a multiple of a new point. */
const weights = { resource: 16, scope: 8, metric: 8 } as const;
/** The most that an int of a record that is no point's can weigh. */
const mostAnInt = weights.resource / resourceAt.size;

/** What is applied at a time. */
export interface Most {
  /** In new points, 33 at least. */
  readonly weight: number;
  /** Of points: buckets and long labels take time, too. One point may have more. */
  readonly bytes: number;
}

/** Whether a batch is more than that. */
export function isHeavier(batch: Batch, most: Most): boolean {
  const { bytes, length, points } = batch;
  if (bytes.length <= most.bytes && points + mostAnInt * (length - numberAt.size * points) <= most.weight) return false;
  let weight = points;
  let pointBytes = 0;
  walk(batch, {
    resource: () => {
      weight += weights.resource;
    },
    scope: () => {
      weight += weights.scope;
    },
    metric: (m) => {
      weight += weights.metric;
      for (const point of pointsOf(batch, m)) pointBytes += bytesOf(batch, point);
    },
  });
  return weight > most.weight || (pointBytes > most.bytes && points > 1);
}

function bytesOf({ index }: Batch, point: number): number {
  return (index[point + pointAt.to] as number) - (index[point + pointAt.from] as number);
}

/**
 * Parts of at most so much, in order; each is valid until the next one is asked for. Resources, scopes and metrics are repeated
 * where they are divided. A point that was rejected is in none.
 */
export function* divide(batch: Batch, most: Most): Generator<Batch, void> {
  const { index } = batch;
  const builder = new BatchBuilder();
  let left = most.weight;
  let bytesLeft = most.bytes;
  let [resource, scope]: [Open | undefined, Open | undefined] = [undefined, undefined];

  function begin(): void {
    builder.clear();
    builder.goOn(batch);
    left = most.weight;
    bytesLeft = most.bytes;
    resource = scope = undefined;
  }
  function open(r: number, s: number | undefined): void {
    if (resource === undefined) {
      resource = builder.openResource(r, undefined);
      left -= weights.resource;
    }
    if (scope !== undefined || s === undefined) return;
    scope = builder.openScope(s);
    left -= weights.scope;
  }
  function closeScope(): void {
    if (scope !== undefined) builder.closeScope(scope);
    scope = undefined;
  }
  function closeResource(): void {
    closeScope();
    if (resource !== undefined) builder.closeResource(resource);
    resource = undefined;
  }
  function end(): Batch {
    closeResource();
    return builder.end();
  }
  /** Whether the next point is too much for a part that has others. */
  function isFull(p: number, last: number): boolean {
    return p < last && bytesLeft < most.bytes && bytesOf(batch, p) > bytesLeft;
  }
  /** Where the points end for which there is room, from `p` on, one at least. */
  function fitting(p: number, last: number, stride: number): number {
    const end = Math.min(last, p + (left - weights.metric) * stride);
    let next = p;
    for (; next < end; next += stride) {
      const bytes = bytesOf(batch, next);
      if (next > p && bytes > bytesLeft) break;
      bytesLeft -= bytes;
    }
    return next;
  }

  begin();
  for (const r of resourcesOf(batch)) {
    if (left < weights.resource) {
      yield end();
      begin();
    }
    open(r, undefined);
    for (const s of scopesOf(batch, r)) {
      if (left < weights.scope) {
        yield end();
        begin();
      }
      open(r, s);
      for (const m of metricsOf(batch, s)) {
        const stride = index[m + metricAt.stride] as number;
        const last = index[m + metricAt.end] as number;
        const first = m + metricAt.size;
        let p = first;
        do {
          if (left <= weights.metric || isFull(p, last)) {
            yield end();
            begin();
          }
          open(r, s);
          const next = fitting(p, last, stride);
          if (p === first && next === last) builder.metric(m);
          else builder.somePoints(m, p, next);
          left -= weights.metric + (next - p) / Math.max(1, stride);
          p = next;
        } while (p < last);
      }
      closeScope();
    }
    closeResource();
  }
  yield end();
}
