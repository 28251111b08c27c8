/**
 * Which points newer ones supersede: of gauges, summaries and cumulative sums and histograms, those of a series and start time
 * that are not its newest; of deltas those that were added into a newer one. A series is identified by its bytes: one whose
 * attributes come in another order is another one, which costs memory and no value.
 */
import type { Batch } from '../../formats/otlp/batch/batch.ts';
import { metricAt, metricType, pointAt, resourceAt, scopeAt } from '../../formats/otlp/batch/batch-index.ts';
import { metricsOf, pointsIn, pointsOf, resourcesOf, scopesOf } from '../../formats/otlp/batch/walk.ts';
import { temporalities } from '../../formats/otlp/wire/protobuf-tags.ts';
import { createContiguousDeltas } from './contiguous-deltas.ts';

export interface Superseded {
  /**
   * Notes the points of the next batch, in short steps.
   * @param request its number
   * @param adds whether deltas of it may be added to others
   */
  note(batch: Batch, request: number, adds: boolean): Generator<void>;
  /** Whether a point is to be kept, by its number in the order of the batches. Known once all were noted. */
  isKept(point: number): boolean;
  /** The bytes of a request with what was added to points that are kept. Known once all were noted. */
  patched(request: number, bytes: Uint8Array): Uint8Array;
}

/** Between two looks at the clock. */
export const pointsAStep = 256;

interface Newest {
  point: number;
  time: bigint;
}

/** @param points of all batches */
export function createSuperseded(points: number): Superseded {
  const kept = new Uint8Array(points).fill(1);
  const streams = new Map<string, Map<string, Newest>>();
  /** Of resources and scopes, whose texts may be long. */
  const owners = new Map<string, number>();
  const deltas = createContiguousDeltas();
  let next = 0;

  function ownerOf(text: string): number {
    const known = owners.get(text) ?? owners.size;
    owners.set(text, known);
    return known;
  }

  function* noteDeltas(batch: Batch, m: number, stream: string, request: number): Generator<void> {
    for (const p of pointsOf(batch, m)) {
      const series = `${stream}|${textAt(batch, p + pointAt.attributesFrom)}`;
      const taken = deltas.note(batch, m, p, series, { point: next++, request });
      if (taken !== undefined) kept[taken] = 0;
      if (next % pointsAStep === 0) yield;
    }
  }

  function* noteMetric(batch: Batch, m: number, scope: number, request: number, adds: boolean): Generator<void> {
    yield;
    const stream = `${scope}|${metricText(batch, m)}`;
    if (!isState(batch, m)) {
      if (adds) yield* noteDeltas(batch, m, stream, request);
      else next += pointsIn(batch, m);
      return;
    }
    const series = streams.get(stream) ?? new Map<string, Newest>();
    streams.set(stream, series);
    for (const p of pointsOf(batch, m)) {
      notePoint(batch, p, series);
      if (next % pointsAStep === 0) yield;
    }
  }

  function notePoint(batch: Batch, p: number, series: Map<string, Newest>): void {
    const start = batch.index[p + pointAt.start] as number;
    const key = textAt(batch, p + pointAt.attributesFrom) + (start === 0 ? '' : `|${batch.view.getBigUint64(start, true)}`);
    const slot = batch.index[p + pointAt.time] as number;
    const time = slot === 0 ? 0n : batch.view.getBigUint64(slot, true);
    const point = next++;
    const newest = series.get(key);
    if (newest === undefined) series.set(key, { point, time });
    else if (time < newest.time) kept[point] = 0;
    else {
      kept[newest.point] = 0;
      newest.point = point;
      newest.time = time;
    }
  }

  return Object.freeze({
    *note(batch: Batch, request: number, adds: boolean) {
      for (const r of resourcesOf(batch)) {
        yield;
        const resource = ownerOf(`${textAt(batch, r + resourceAt.from)}|${textAt(batch, r + resourceAt.schemaUrlFrom)}`);
        for (const s of scopesOf(batch, r)) {
          yield;
          const scope = ownerOf(`${resource}|${textAt(batch, s + scopeAt.from)}|${textAt(batch, s + scopeAt.schemaUrlFrom)}`);
          for (const m of metricsOf(batch, s)) yield* noteMetric(batch, m, scope, request, adds);
        }
      }
    },
    isKept: (point: number) => kept[point] === 1,
    patched: deltas.patched,
  });
}

/** Its points are states, of which the newest is enough; else they are changes, each of which counts. */
export function isState({ index }: Batch, m: number): boolean {
  const type = index[m + metricAt.type];
  return type === metricType.gauge || type === metricType.summary || index[m + metricAt.temporality] === temporalities.cumulative;
}

/** What identifies a metric in OTLP's data model, and its type. */
function metricText(batch: Batch, m: number): string {
  const { index } = batch;
  const kind = `${index[m + metricAt.type]}|${index[m + metricAt.temporality]}|${index[m + metricAt.monotonic]}`;
  return `${textAt(batch, m + metricAt.nameFrom)}|${textAt(batch, m + metricAt.unitFrom)}|${kind}`;
}

/** The bytes of a range of the index, one a character, with their number, so that no two lists of ranges are alike. */
function textAt({ bytes, index }: Batch, column: number): string {
  const [from, to] = [index[column] as number, index[column + 1] as number];
  return `${to - from}:${Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')}`;
}
