/** Requests without what newer points supersede: no series loses its last value, and no change is lost. */
import { type Batch, readBatch } from '../../otlp/batch/batch.ts';
import { metricAt, pointAt } from '../../otlp/batch/batch-index.ts';
import { BatchBuilder } from '../../otlp/batch/rewrite/batch-builder.ts';
import { buildAgain } from '../../otlp/batch/rewrite/build-again.ts';
import { pointsOf } from '../../otlp/batch/rewrite/places.ts';
import { pointsIn } from '../../otlp/batch/walk.ts';
import { noLimits } from '../no-limits.ts';
import { type Entry, ownBytes } from './entry.ts';
import { createSuperseded, isState, type Superseded } from './superseded.ts';

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
    if (count === 0) return false;
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

  return {
    write(batch: Batch) {
      buildAgain(builder, batch, { metric: (m) => metric(batch, m), empty: () => false });
      if (builder.size >= mostPoints) cut();
    },
    end() {
      cut();
      return { entries, dropped };
    },
  };
}
