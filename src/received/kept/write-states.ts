/** What received series are, in parts. */
import type { PointHeader } from '../../otlp/write/metrics-writer.ts';
import type { Claimed, Wanted } from '../names/index.ts';
import { typeNames } from '../resources/new-nodes.ts';
import type { KnownMetric } from '../resources/nodes.ts';
import type { ResourceTree } from '../resources/resource-tree.ts';
import { type ReceivedSeries, seriesWord } from '../streams/received-series.ts';
import { type StreamTable, streamWord } from '../streams/stream-table.ts';
import { createNewStreams, inOrder, type NewStreams } from './order.ts';
import { writeNothing, writeValue } from './point-values.ts';
import { RequestWriter } from './request-writer.ts';
import { roleBits, type StatePart, stateRole, stateTime, stateTimes, stateWord, stateWords } from './state-part.ts';

export interface StatesOf {
  readonly streams: StreamTable;
  readonly series: ReceivedSeries;
  readonly tree: ResourceTree;
}

/** A part has about so many bytes, and at most so many points: some milliseconds. */
const partBytes = 256 * 1024;
const partPoints = 4_096;
/** Streams of a part at most, also where few have a series. */
const partStreams = 16_384;

/**
 * Batches may come where it yields, but nothing may expire; undefined: there is no part yet. Streams that came meanwhile come again where batches are repeated.
 * Where their series is in an earlier part, only that one knows which of their points were accepted: parts behind the others say when each was sent last.
 */
export function* statesIn({ streams, series, tree }: StatesOf, mostPoints = partPoints): Generator<StatePart | undefined> {
  const writer = new RequestWriter(tree.table);
  const named = new Set<Claimed>();
  let names: Wanted[] = [];
  let points = 0;
  let passed = 0;
  const times = new Float64Array(mostPoints * stateTimes);
  const words = new Int32Array(mostPoints * stateWords);

  function take(): StatePart {
    const part = {
      request: writer.take(),
      points,
      times: times.slice(0, points * stateTimes),
      words: words.slice(0, points * stateWords),
      names,
    };
    names = [];
    points = 0;
    return part;
  }

  function name(claimed: Claimed): void {
    if (!named.has(claimed)) names.push(claimed);
    named.add(claimed);
  }

  function addLate(metric: KnownMetric, stream: number): void {
    writer.begin(metric);
    writeNothing(writer.fields, headerOf(streams.key(stream)), typeNames[metric.typeNumber]);
    times[points * stateTimes + stateTime.seen] = streams.seen[stream] as number;
    words.fill(0, points * stateWords, (points + 1) * stateWords);
    words[points * stateWords + stateWord.role] = stateRole.late;
    points++;
  }

  /** A stream whose series has no row is another one's with its next point, where that is shown with the same labels. */
  function shownFor(metric: KnownMetric, stream: number): number {
    const own = streams.word(stream, streamWord.series);
    if (own === 0 || series.word(own, seriesWord.row) !== 0) return own;
    const labels = tree.labels.of(metric, streams.key(stream));
    const other = series.find(series.hashOf(metric.group, labels), metric.group, labels);
    return other === 0 ? own : other;
  }

  function add(metric: KnownMetric, stream: number): void {
    const written = shownFor(metric, stream);
    if (written === 0) return;
    const row = series.word(written, seriesWord.row);
    writer.begin(metric);
    const header = headerOf(streams.key(stream));
    const shape = row === 0 ? undefined : series.shapeOf(written);
    if (shape === undefined) writeNothing(writer.fields, header, typeNames[metric.typeNumber]);
    else writeValue(writer.fields, header, shape, row * shape.family.stride);
    times[points * stateTimes + stateTime.seen] = streams.seen[stream] as number;
    times[points * stateTimes + stateTime.start] = shape?.family.start(row) ?? 0;
    const at = points * stateWords;
    words[at + stateWord.high] = series.word(written, seriesWord.high);
    words[at + stateWord.low] = series.word(written, seriesWord.low);
    words[at + stateWord.startHigh] = series.word(written, seriesWord.startHigh);
    words[at + stateWord.startLow] = series.word(written, seriesWord.startLow);
    const wrote = series.word(written, seriesWord.writer) === stream;
    const print = series.word(written, seriesWord.print) << roleBits;
    words[at + stateWord.role] = row === 0 ? stateRole.hidden : print | (wrote ? stateRole.wrote : stateRole.none);
    points++;
  }

  function* round(found: NewStreams, isLate: boolean, isLast: boolean): Generator<StatePart | undefined> {
    for (const metric of inOrder(found, streams, tree)) {
      if (metric === undefined) {
        if (!isLast) yield points > 0 ? take() : undefined;
        continue;
      }
      if (!isLate) name(metric.metric.group.claimed);
      for (const stream of metric.streams) {
        if (isLate) addLate(metric.metric, stream);
        else add(metric.metric, stream);
        if (isLast || (++passed < partStreams && points < mostPoints && writer.size < partBytes)) continue;
        passed = 0;
        yield points > 0 ? take() : undefined;
      }
    }
    if (points > 0 || names.length > 0) yield take();
  }

  const next = createNewStreams(streams);
  yield* round(next(), false, false);
  // The last part has all that there are when it is yielded.
  for (let isLast = false; !isLast; ) {
    const late = next();
    isLast = late.count <= mostPoints;
    yield* round(late, true, isLast);
  }
}

function headerOf(attributes: Uint8Array): PointHeader {
  return { attributes, from: 0, to: attributes.length, startMs: 0, timeMs: 0 };
}
