/**
 * Streams that came while parts were taken: batches that are repeated make them, and their own parts say when they were sent
 * last.
 */
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import { pointsIn, walk } from '../../../formats/otlp/batch/walk.ts';
import type { LookUp } from '../streams/look-up.ts';
import { type StreamTable, streamWord } from '../streams/stream-table.ts';
import type { Applied } from './applied.ts';
import { type StatePart, stateRole, stateTime, stateTimes, stateWord } from './state-part.ts';

/** A part is of such streams, or has none. */
export function isLate({ points, words }: StatePart): boolean {
  return points > 0 && words[stateWord.role] === stateRole.late;
}

/** @param found the streams of the request */
export function seeLate(
  request: Batch,
  { times }: StatePart,
  found: Pick<LookUp, 'metrics' | 'found'>,
  streams: StreamTable,
  applied: Applied,
): void {
  let metrics = 0;
  let point = 0;
  walk(request, {
    metric(m) {
      const end = point + pointsIn(request, m);
      const isKnown = found.metrics[metrics++] !== undefined;
      for (; point < end; point++) {
        const stream = isKnown ? (found.found[point] as number) : 0;
        if (stream === 0 || streams.word(stream, streamWord.series) === 0) continue;
        streams.seen[stream] = times[point * stateTimes + stateTime.seen] as number;
        applied.setStream(stream);
      }
    },
  });
}

/**
 * Streams that are in no part, though their series is: batches that were repeated have made them with points that were not
 * accepted.
 */
export function neverMade(streams: StreamTable, applied: Applied): readonly number[] {
  const found: number[] = [];
  for (let stream = 1; stream < streams.records.used; stream++) {
    if (streams.word(stream, streamWord.metric) === 0 || applied.hasStream(stream)) continue;
    if (applied.isRestored(streams.word(stream, streamWord.series))) found.push(stream);
  }
  return found;
}
