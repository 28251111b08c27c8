/** A batch in parts, so that each is applied in a short time. */
import type { Batch } from '../batch.ts';
import { metricAt, numberAt, resourceAt } from '../batch-index.ts';
import { metricsOf, pointsIn, resourcesOf, scopesOf, walk } from '../walk.ts';
import { BatchBuilder } from './batch-builder.ts';
import type { Open } from './output.ts';

/** What a new resource, scope or metric costs who takes it, as a multiple of a new point. */
const weights = { resource: 16, scope: 8, metric: 8 } as const;
/** The most that an int of a record that is no point's can weigh. */
const mostAnInt = weights.resource / resourceAt.size;

/** Whether a batch weighs more than so many new points. */
export function isHeavier(batch: Batch, most: number): boolean {
  const { length, points } = batch;
  if (points + mostAnInt * (length - numberAt.size * points) <= most) return false;
  let weight = points;
  walk(batch, {
    resource: () => {
      weight += weights.resource;
    },
    scope: () => {
      weight += weights.scope;
    },
    metric: () => {
      weight += weights.metric;
    },
  });
  return weight > most;
}

/**
 * Parts that weigh at most so much, 33 at least, in order; each is valid until the next one is asked for. Resources, scopes and metrics are repeated where they are divided. A
 * point that was rejected is in none.
 */
export function* divide(batch: Batch, most: number): Generator<Batch, void> {
  const { index } = batch;
  const builder = new BatchBuilder();
  let left = most;
  let [resource, scope]: [Open | undefined, Open | undefined] = [undefined, undefined];

  function begin(): void {
    builder.clear();
    builder.goOn(batch);
    left = most;
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
        const points = pointsIn(batch, m);
        let done = 0;
        do {
          if (left <= weights.metric) {
            yield end();
            begin();
          }
          open(r, s);
          const count = Math.min(points - done, Math.max(1, left - weights.metric));
          if (count === points) builder.metric(m);
          else builder.somePoints(m, m + metricAt.size + done * stride, m + metricAt.size + (done + count) * stride);
          left -= weights.metric + count;
          done += count;
        } while (done < points);
      }
      closeScope();
    }
    closeResource();
  }
  yield end();
}
