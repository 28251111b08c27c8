/**
 * Puts back a part of what was kept: each series gets the value that is in its point, whatever the rules of time would say, and
 * is otherwise as it was.
 */
import type { Family } from '../../../core/store/store.ts';
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import { metricAt } from '../../../formats/otlp/batch/batch-index.ts';
import { pointsIn, pointsOf, walk } from '../../../formats/otlp/batch/walk.ts';
import { type Form, fit } from '../forms/form.ts';
import { formOf } from '../forms/index.ts';
import type { KnownMetric } from '../resources/nodes.ts';
import type { LookUp } from '../streams/look-up.ts';
import type { PointWriter } from '../streams/point-writer.ts';
import { type ReceivedSeries, seriesWord } from '../streams/received-series.ts';
import type { StreamTable } from '../streams/stream-table.ts';
import { pointVerdict } from '../streams/temporality-rules.ts';
import { ownRow } from '../streams/writer-parts.ts';
import type { Applied } from './applied.ts';
import { roleBits, roleMask, type StatePart, stateRole, stateTime, stateTimes, stateWord, stateWords } from './state-part.ts';

export interface RestoreParts {
  readonly writer: PointWriter;
  readonly series: ReceivedSeries;
  readonly streams: StreamTable;
  readonly applied: Applied;
  /** The number of the last batch whose points are in the part. */
  readonly batch: number;
}

/** @param found the streams of the request. Returns how many points have found no place */
export function restorePoints(
  request: Batch,
  part: StatePart,
  found: Pick<LookUp, 'metrics' | 'found'>,
  parts: RestoreParts,
): number {
  let metrics = 0;
  let point = 0;
  let left = 0;
  walk(request, {
    metric(m) {
      const metric = found.metrics[metrics++];
      if (metric === undefined) {
        left += pointsIn(request, m);
        point += pointsIn(request, m);
        return;
      }
      const form = formOf(request.index[m + metricAt.type] as number);
      const end = request.index[m + metricAt.end] as number;
      let family: Family | undefined;
      for (const at of pointsOf(request, m)) {
        const stream = found.found[point] as number;
        if (stream === 0 || !restoreOne(request, at, metric, stream, form, part, point, parts)) left++;
        else family = reserved(request, m, at, end, stream, form, family, parts);
        point++;
      }
    },
  });
  return left;
}

/** A family that is new gets room for the points that follow, as far as they are of its shape. Returns the stream's family. */
function reserved(
  request: Batch,
  metric: number,
  point: number,
  end: number,
  stream: number,
  form: Form,
  before: Family | undefined,
  { writer, series: table }: RestoreParts,
): Family | undefined {
  const series = writer.links.seriesOf(stream);
  if (series === 0) return before;
  const shape = table.shapeOf(series);
  const { family } = shape;
  if (family === before || family.size > 1) return family;
  const stride = request.index[metric + metricAt.stride] as number;
  let next = point + stride;
  while (next < end && form.fit(request, next, shape, false) === fit.fits) next += stride;
  family.reserve((next - point) / stride - 1, table.word(series, seriesWord.row));
  return family;
}

function restoreOne(
  request: Batch,
  at: number,
  metric: KnownMetric,
  stream: number,
  form: Form,
  { times, words }: StatePart,
  point: number,
  { writer, series: table, streams, applied, batch }: RestoreParts,
): boolean {
  const seen = times[point * stateTimes + stateTime.seen] as number;
  const word = (which: number) => words[point * stateWords + which] as number;
  writer.time.set(word(stateWord.high), word(stateWord.low), word(stateWord.startHigh), word(stateWord.startLow));
  const role = word(stateWord.role) & roleMask;
  writer.print = word(stateWord.role) >>> roleBits;
  const own = writer.links.seriesOf(stream);
  // It comes a second time only with its share in what several add up to.
  if (own !== 0 && applied.hasStream(stream)) {
    const share = writer.joins.restored(
      request,
      at,
      metric,
      stream,
      own,
      form,
      writer.time,
      writer.print,
      seen,
      role === stateRole.wrote,
    );
    if (share !== undefined && times[point * stateTimes + stateTime.start] === 1) writer.parts.joined.endAgain(own, share);
    return share !== undefined;
  }
  // Of another part only where it is not known which ones belong together.
  const joined = own === 0 ? writer.join(request, at, metric, stream, form, seen, false) : 0;
  const series = writer.links.seriesOf(stream);
  if (series === 0) return role === stateRole.hidden;
  streams.seen[stream] = seen;
  applied.setStream(stream);
  const wrote = role === stateRole.wrote;
  if (joined !== 0) {
    if (wrote && table.word(series, seriesWord.writer) === 0) writes(writer, table, metric, stream, series);
    return true;
  }
  if (role === stateRole.hidden) {
    applied.hide(series, batch);
    return true;
  }
  if (own !== 0 && !writer.put(request, at, metric, series, form, pointVerdict.take)) return false;
  table.setWord(series, seriesWord.high, word(stateWord.high));
  table.setWord(series, seriesWord.low, word(stateWord.low));
  table.setWord(series, seriesWord.startHigh, word(stateWord.startHigh));
  table.setWord(series, seriesWord.startLow, word(stateWord.startLow));
  table.setWord(series, seriesWord.print, writer.print);
  table
    .shapeOf(series)
    .family.setStart(table.word(series, seriesWord.row), times[point * stateTimes + stateTime.start] as number);
  if (wrote) writes(writer, table, metric, stream, series);
  else table.setWord(series, seriesWord.writer, 0);
  applied.set(series, batch);
  return true;
}

/** The stream wrote the series last. */
function writes(writer: PointWriter, table: ReceivedSeries, metric: KnownMetric, stream: number, series: number): void {
  ownRow(writer.parts, metric, series);
  table.setWord(series, seriesWord.writer, stream);
}
