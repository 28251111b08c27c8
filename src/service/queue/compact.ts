/**
 * Requests without what newer points supersede: no series loses its last value, and no change is lost. Deltas without a gap
 * between them become one.
 */
import { type Batch, createBatchReader, releaseBatch } from '../../formats/otlp/batch/batch.ts';
import { metricAt, pointAt } from '../../formats/otlp/batch/batch-index.ts';
import { noLimits } from '../../formats/otlp/batch/batch-limits.ts';
import { BatchBuilder } from '../../formats/otlp/batch/rewrite/batch-builder.ts';
import { pointLayoutOf } from '../../formats/otlp/batch/rewrite/offset-columns.ts';
import { metricsOf, pointsIn, resourcesOf, scopesOf } from '../../formats/otlp/batch/walk.ts';
import { type Entry, type Loaded, originOf, ownBytes } from './entry.ts';
import { createSuperseded, isState, pointsAStep, type Superseded } from './superseded.ts';

/** A request with so many points ends. */
const mostPoints = 8_192;
/** Read in less than a millisecond. */
const bytesAStep = 32_768;

export interface Compacted {
  /** Those for which a sender waits come first, as they are. */
  readonly entries: readonly Loaded[];
  /** Points of changes that were left out. */
  readonly changes: number;
}

/** In short steps. @param changes whether points of delta temporality are kept; each of them counts */
export function* compacting(entries: readonly Loaded[], changes = true): Generator<void, Compacted> {
  const mergeable = entries.filter(({ done }) => done === undefined);
  const superseded = createSuperseded(mergeable.reduce((sum, { points }) => sum + points, 0));
  for (const [number, { bytes, tried }] of mergeable.entries())
    yield* withBatch(bytes, (batch) => superseded.note(batch, number, changes && tried !== true));
  const writer = createCompactWriter(superseded, changes);
  for (const [number, entry] of mergeable.entries())
    yield* withBatch(entry.bytes, (batch) => writer.write(withBytes(batch, superseded.patched(number, batch.bytes)), entry));
  const { entries: fewer, dropped } = writer.end();
  return { entries: [...entries.filter(({ done }) => done !== undefined), ...fewer], changes: dropped };
}

/** Reads a batch in short steps, too, and lets go of its index behind the work. */
function* withBatch(bytes: Uint8Array, work: (batch: Batch) => Generator<void>): Generator<void> {
  const reader = createBatchReader(bytes, noLimits);
  let batch = reader.read(bytesAStep);
  for (; batch === undefined; batch = reader.read(bytesAStep)) yield;
  yield* work(batch);
  releaseBatch(batch);
}

function withBytes(batch: Batch, bytes: Uint8Array): Batch {
  return bytes === batch.bytes
    ? batch
    : { ...batch, bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

function createCompactWriter(superseded: Superseded, changes: boolean) {
  const builder = new BatchBuilder();
  const entries: Loaded[] = [];
  let number = 0;
  let dropped = 0;
  /** Of the oldest entry that has a part in the next request. */
  let origin: Pick<Entry, 'since' | 'restored' | 'tried'> = { since: 0 };

  function cut(): void {
    const batch = builder.end();
    if (batch.points > 0) entries.push({ ...ownBytes(batch), points: batch.points, ...origin, compact: true });
    builder.clear();
  }

  /** Whether a point is left. */
  function* metric(batch: Batch, m: number): Generator<void, boolean> {
    yield;
    const count = pointsIn(batch, m);
    const first = number;
    number += count;
    if (count === 0) return false;
    if (!changes && !isState(batch, m)) {
      dropped += count;
      return false;
    }
    return yield* writeKept(batch, m, builder, (at) => superseded.isKept(first + at));
  }

  function* scope(batch: Batch, s: number): Generator<void, boolean> {
    yield;
    const open = builder.openScope(s);
    let any = false;
    for (const m of metricsOf(batch, s)) any = (yield* metric(batch, m)) || any;
    if (any) builder.closeScope(open);
    else builder.drop(open);
    return any;
  }

  return {
    *write(batch: Batch, entry: Entry): Generator<void> {
      if ((entry.tried === true) !== (origin.tried === true)) cut();
      if (builder.size === 0) origin = originOf(entry);
      builder.goOn(batch);
      for (const r of resourcesOf(batch)) {
        yield;
        const open = builder.openResource(r, undefined);
        let any = false;
        for (const s of scopesOf(batch, r)) any = (yield* scope(batch, s)) || any;
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

/** Writes the points of a metric that are kept, by their number in it. Returns whether there is one. */
function* writeKept(batch: Batch, m: number, builder: BatchBuilder, isKept: (at: number) => boolean): Generator<void, boolean> {
  const { index, view } = batch;
  const { places } = pointLayoutOf(index[m + metricAt.type] as number);
  const stride = index[m + metricAt.stride] as number;
  const count = pointsIn(batch, m);
  const open = builder.openMetric(m);
  let any = false;
  for (let at = 0; at < count; at++) {
    if (!isKept(at)) continue;
    const p = m + metricAt.size + at * stride;
    builder.point(
      p,
      stride,
      places,
      view,
      index[p + pointAt.attributesFrom] as number,
      index[p + pointAt.attributesTo] as number,
    );
    any = true;
    if (at % pointsAStep === 0) yield;
  }
  if (any) builder.closeMetric(open);
  else builder.drop(open);
  return any;
}
