/** What received series are, in parts. */
import { resized } from '../../../core/tables/resized.ts';
import type { PointHeader } from '../../../formats/otlp/write/metrics-writer.ts';
import type { Claimed, Wanted } from '../names/index.ts';
import { typeNames } from '../resources/new-nodes.ts';
import type { KnownMetric } from '../resources/nodes.ts';
import type { ResourceTree } from '../resources/resource-tree.ts';
import type { SilentTotals } from '../silent/silent-totals.ts';
import { type Joined, type JoinedSeries, type Share, severalWriters } from '../streams/joined.ts';
import { type ReceivedSeries, seriesWord } from '../streams/received-series.ts';
import { type StreamTable, streamWord } from '../streams/stream-table.ts';
import { createNewStreams, inOrder, type NewStreams } from './order.ts';
import { writeCells, writeNothing, writeValue } from './point-values.ts';
import { RequestWriter } from './request-writer.ts';
import { silentPart } from './silent-part.ts';
import { roleBits, type StatePart, stateRole, stateTime, stateTimes, stateWord, stateWords } from './state-part.ts';

export interface StatesOf {
  readonly streams: StreamTable;
  readonly series: ReceivedSeries;
  readonly joined: Joined;
  readonly totals: SilentTotals;
  readonly tree: ResourceTree;
}

/** A part has about so many bytes, and at most so many points: some milliseconds. */
const partBytes = 256 * 1024;
const partPoints = 4_096;
/** Streams of a part at most, also where few have a series. */
const partStreams = 16_384;

/**
 * Batches may come where it yields, but nothing may expire; undefined: there is no part yet. Streams that came meanwhile come
 * again where batches are repeated. Where their series is in an earlier part, only that one knows which of their points were
 * accepted: parts behind the others say when each was sent last.
 */
export function* statesIn(
  { streams, series, joined, totals, tree }: StatesOf,
  mostPoints = partPoints,
): Generator<StatePart | undefined> {
  const writer = new RequestWriter(tree.table);
  const named = new Set<Claimed>();
  let names: Wanted[] = [];
  let points = 0;
  let passed = 0;
  let times = new Float64Array(mostPoints * stateTimes);
  let words = new Int32Array(mostPoints * stateWords);
  /** By series, 1: a part has it. */
  let written = new Uint8Array(0);
  /** Series whose streams are all in one part. */
  const inJoined = new Set<number>();
  /** Streams that came ahead of their turn, because they wrote another one's series last. */
  const early = new Set<number>();

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
    const shown = shownFor(metric, stream);
    if (shown === 0) return;
    const several = series.word(shown, seriesWord.writer) === severalWriters ? joined.of(shown) : undefined;
    const isWritten = written[shown] === 1;
    if (shown >= written.length) written = resized(written, series.records.used);
    written[shown] = 1;
    if (early.has(stream)) return;
    if (several !== undefined && !isWritten) addJoined(several, shown);
    else if (!isWritten) addWriter(metric, stream, shown);
    if (several?.shares.has(stream) !== true || !inJoined.has(shown)) addOne(metric, stream, shown);
  }

  /** Another stream of the resource whose value is shown: what comes next adds up with it, so that it has to be known. */
  function addWriter({ scope }: KnownMetric, stream: number, shown: number): void {
    const last = series.word(shown, seriesWord.writer);
    if (last <= 0 || last === stream) return;
    const metric = tree.numbered(streams.word(last, streamWord.metric));
    if (metric.scope.resource !== scope.resource) return;
    early.add(last);
    addOne(metric, last, shown);
  }

  /**
   * All streams of a series that add up are in one part, because only together they are what the series was then. Each comes
   * twice: with the total, as any other stream of a series, and with its own share.
   */
  function addJoined(several: JoinedSeries, shown: number): void {
    inJoined.add(shown);
    for (const [stream, share] of several.shares) {
      addOne(share.metric, stream, shown, several.total);
      addShare(share, stream, shown, several.last === stream);
    }
  }

  function addShare({ metric, times: own, last, ended }: Share, stream: number, shown: number, wrote: boolean): void {
    writer.begin(metric);
    const header = headerOf(streams.key(stream));
    if (last.length === 0) writeNothing(writer.fields, header, typeNames[metric.typeNumber]);
    else writeCells(writer.fields, header, series.shapeOf(shown), last, 0);
    const print = series.word(own, seriesWord.print) << roleBits;
    addWords(stream, own, print | (wrote ? stateRole.wrote : stateRole.none), ended ? 1 : 0);
  }

  function addOne(metric: KnownMetric, stream: number, shown: number, total?: Float64Array): void {
    const row = series.word(shown, seriesWord.row);
    writer.begin(metric);
    const header = headerOf(streams.key(stream));
    const shape = row === 0 ? undefined : series.shapeOf(shown);
    if (shape === undefined) writeNothing(writer.fields, header, typeNames[metric.typeNumber]);
    else writeValue(writer.fields, header, shape, row * shape.family.stride, total);
    const wrote = series.word(shown, seriesWord.writer) === stream;
    const print = series.word(shown, seriesWord.print) << roleBits;
    const role = row === 0 ? stateRole.hidden : print | (wrote ? stateRole.wrote : stateRole.none);
    addWords(stream, shown, role, shape?.family.start(row) ?? 0);
  }

  /** @param record the one of the table of series that has the times */
  function addWords(stream: number, record: number, role: number, startMs: number): void {
    if ((points + 1) * stateWords > words.length) {
      times = resized(times, 2 * times.length);
      words = resized(words, 2 * words.length);
    }
    times[points * stateTimes + stateTime.seen] = streams.seen[stream] as number;
    times[points * stateTimes + stateTime.start] = startMs;
    const at = points * stateWords;
    words[at + stateWord.high] = series.word(record, seriesWord.high);
    words[at + stateWord.low] = series.word(record, seriesWord.low);
    words[at + stateWord.startHigh] = series.word(record, seriesWord.startHigh);
    words[at + stateWord.startLow] = series.word(record, seriesWord.startLow);
    words[at + stateWord.role] = role;
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
  const first = next();
  // As they are now: batches that are repeated make the series of those that go on meanwhile.
  for (const entries of totals.states()) yield silentPart(entries);
  yield* round(first, false, false);
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
