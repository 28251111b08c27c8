/** Requests without what newer points supersede: no series loses its last value, and no change is lost. */
import { type Batch, readBatch } from '../../otlp/batch/batch.ts';
import { metricAt, metricType, pointAt, resourceAt, scopeAt } from '../../otlp/batch/batch-index.ts';
import { BatchBuilder } from '../../otlp/batch/build/batch-builder.ts';
import { pointsOf } from '../../otlp/batch/build/places.ts';
import { noLimits } from '../no-limits.ts';
import { type Entry, ownBytes } from './entry.ts';
import { createSuperseded, isState, pointsIn, type Superseded } from './superseded.ts';

/** A request with so many points ends. */
const mostPoints = 8_192;

export interface Compacted {
  /** Those for which a sender waits come first, as they are. */
  readonly entries: readonly Entry[];
  /** Points of changes that were left out. */
  readonly changes: number;
}

/** @param changes whether points of delta temporality are kept; each of them counts */
export function compacted(entries: readonly Entry[], changes = true): Compacted {
  const mergeable = entries.filter(({ done }) => done === undefined);
  const superseded = createSuperseded(mergeable.reduce((sum, { points }) => sum + points, 0));
  for (const { bytes } of mergeable) superseded.note(readBatch(bytes, noLimits));
  const writer = createWriter(superseded, changes, performance.now());
  for (const { bytes } of mergeable) writer.write(readBatch(bytes, noLimits));
  const { entries: fewer, dropped } = writer.end();
  return { entries: [...entries.filter(({ done }) => done !== undefined), ...fewer], changes: dropped };
}

function createWriter(superseded: Superseded, changes: boolean, since: number) {
  const builder = new BatchBuilder();
  const entries: Entry[] = [];
  let number = 0;
  let dropped = 0;

  function cut(): void {
    const batch = builder.end();
    if (batch.points > 0) entries.push({ ...ownBytes(batch), points: batch.points, since, compact: true });
    builder.clear();
  }

  /** Whether a point is left. */
  function metric(batch: Batch, m: number): boolean {
    const { index, view } = batch;
    const count = pointsIn(batch, m);
    const first = number;
    number += count;
    if (count === 0 || index[m + metricAt.type] === metricType.none) return false;
    if (!changes && !isState(batch, m)) {
      dropped += count;
      return false;
    }
    const { places } = pointsOf(index[m + metricAt.type] as number);
    const stride = index[m + metricAt.stride] as number;
    const open = builder.openMetric(m);
    let any = false;
    for (let at = 0; at < count; at++) {
      if (!superseded.isKept(first + at)) continue;
      const p = m + metricAt.size + at * stride;
      builder.point(p, stride, places, view, index[p + pointAt.attributesFrom] as number, index[p + pointAt.attributesTo] as number);
      any = true;
    }
    if (any) builder.closeMetric(open);
    else builder.drop(open);
    return any;
  }

  function scope(batch: Batch, s: number): boolean {
    const { index } = batch;
    const open = builder.openScope(s);
    let any = false;
    for (let m = s + scopeAt.size; m < (index[s + scopeAt.end] as number); m = index[m + metricAt.end] as number)
      if (metric(batch, m)) any = true;
    if (any) builder.closeScope(open);
    else builder.drop(open);
    return any;
  }

  return {
    write(batch: Batch) {
      const { index, length } = batch;
      builder.goOn(batch);
      for (let r = 0; r < length; r = index[r + resourceAt.end] as number) {
        const open = builder.openResource(r, undefined);
        let any = false;
        for (let s = r + resourceAt.size; s < (index[r + resourceAt.end] as number); s = index[s + scopeAt.end] as number)
          if (scope(batch, s)) any = true;
        if (any) builder.closeResource(open);
        else builder.drop(open);
      }
      if (builder.size >= mostPoints) cut();
    },
    end() {
      cut();
      return { entries, dropped };
    },
  };
}
