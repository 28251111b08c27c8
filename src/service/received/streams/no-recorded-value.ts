/**
 * Points without a recorded value (`FLAG_NO_RECORDED_VALUE`): what their streams had has ended, and begins anew if they come
 * back.
 */
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import { pointAt } from '../../../formats/otlp/batch/batch-index.ts';
import type { KnownMetric } from '../resources/nodes.ts';
import { ignore } from '../tally.ts';
import { severalWriters } from './joined.ts';
import type { JoinedWriter } from './joined-writer.ts';
import { isBefore, type PointTime } from './point-time.ts';
import { seriesWord } from './received-series.ts';
import type { StreamLinks } from './stream-links.ts';
import type { WriterParts } from './writer-parts.ts';

export interface ForgetParts {
  readonly parts: WriterParts;
  readonly links: StreamLinks;
  readonly joins: JoinedWriter;
  /** Of the point at hand. */
  readonly time: PointTime;
}

/** The series goes, unless it has a newer value. Its stream expires with the next round. */
export function forget(writer: ForgetParts, metric: KnownMetric, stream: number): void {
  const { tally, streams, series: table, joined, applied } = writer.parts;
  let series = writer.links.seriesOf(stream);
  if (series === 0) {
    const labels = writer.links.labelsOf(metric, stream);
    series = writer.links.joinKnown(metric, stream, labels, table.hashOf(metric.group, labels));
  }
  if (series === 0 || (applied.isOn && applied.has(series))) return;
  const isJoined = table.word(series, seriesWord.writer) === severalWriters;
  if (isJoined && writer.joins.forgets(metric, stream, series, writer.time)) return;
  const { high, low } = writer.time;
  if (isBefore(high, low, table.word(series, seriesWord.high), table.word(series, seriesWord.low))) {
    ignore(tally, 'older');
    return;
  }
  tally.stale++;
  if (isJoined) joined.dissolve(series);
  table.unplace(series);
  table.setWord(series, seriesWord.high, high);
  table.setWord(series, seriesWord.low, low);
  streams.seen[stream] = Number.NEGATIVE_INFINITY;
}

/** There is no stream any more, but perhaps the total that it had. */
export function forgetSilent(
  { parts, time }: Pick<ForgetParts, 'parts' | 'time'>,
  batch: Batch,
  point: number,
  metric: KnownMetric,
): void {
  const { silent, tree, tally } = parts;
  if (silent.size === 0) return;
  const { index, bytes } = batch;
  const labels = tree.labels.of(metric, bytes, index[point + pointAt.attributesFrom], index[point + pointAt.attributesTo]);
  time.read(batch, point);
  if (silent.take(metric.group.claimed, labels, time) !== undefined) tally.stale++;
}
