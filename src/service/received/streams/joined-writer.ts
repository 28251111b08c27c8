/**
 * Writes points of streams that add up in one series of their resource (`joined.ts`): each by the rules of time of its own
 * stream.
 */
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import { metricType } from '../../../formats/otlp/batch/batch-index.ts';
import { wholeMsOf } from '../../../formats/otlp/wire/nanos.ts';
import { type Form, fit } from '../forms/form.ts';
import type { RefusedReason } from '../memory.ts';
import type { Shape } from '../resources/groups.ts';
import type { KnownMetric } from '../resources/nodes.ts';
import { ignore } from '../tally.ts';
import type { JoinedSeries, Share } from './joined.ts';
import { isBefore, type PointTime } from './point-time.ts';
import { seriesWord } from './received-series.ts';
import { streamWord } from './stream-table.ts';
import { type PointVerdict, pointVerdict, verdictOf } from './temporality-rules.ts';
import { finishRow, ignoreLate, ownRow, type WriterParts } from './writer-parts.ts';
import { tellContested, tellJoined } from './writers.ts';

export class JoinedWriter {
  private readonly parts: WriterParts;

  constructor(parts: WriterParts) {
    this.parts = parts;
  }

  /**
   * Another stream wrote the series last, or several did. False: the point does not add up with what they wrote, and nothing was
   * done.
   */
  takes(
    batch: Batch,
    point: number,
    metric: KnownMetric,
    stream: number,
    series: number,
    form: Form,
    time: PointTime,
    print: number,
    now: number,
  ): boolean {
    const { series: table, joined: all, streams, tally, refuse } = this.parts;
    const shape = table.shapeOf(series);
    const writer = all.of(series)?.last ?? table.word(series, seriesWord.writer);
    if (!this.isOne(series, metric, writer) || form.fit(batch, point, shape, true) === fit.reset) return false;
    const known = all.of(series)?.shares.get(stream);
    const decided = known === undefined ? firstOf(metric) : verdictOf(table, known.times, metric.rule, time, stream, print);
    if (decided === pointVerdict.older || decided === pointVerdict.overlap) {
      ignoreLate(this.parts, metric, decided === pointVerdict.older ? 'older' : 'overlap');
      return true;
    }
    if (decided === pointVerdict.repeat) tally.repeats++;
    else if (!form.accepts(batch, point, metric.group)) {
      this.parts.drop(form.dropped, metric);
      if (known === undefined) return true;
      this.note(known, metric, stream, time, print);
    } else {
      const share = this.roomFor(batch, point, metric, stream, series, form, writer);
      if (typeof share === 'string') {
        refuse(share, metric);
        return true;
      }
      const joined = all.of(series) as JoinedSeries;
      this.put(batch, point, metric, series, form, joined, share, decided, time);
      this.note(share, metric, stream, time, print);
      if (known === undefined && writer !== 0) tellJoined(this.parts, metric, stream, writer, true);
      else if (decided === pointVerdict.contested) tellContested(this.parts, metric);
      joined.last = stream;
      joined.seen = now;
      tally.taken++;
    }
    streams.seen[stream] = now;
    return true;
  }

  /** A stream's value went: the series goes with the last one. False: it is none of those that add up here. */
  forgets(metric: KnownMetric, stream: number, series: number, { high, low }: PointTime): boolean {
    const { series: table, joined: all, streams, tally } = this.parts;
    const joined = all.of(series);
    if (joined?.resource !== metric.scope.resource) return false;
    const share = joined.shares.get(stream);
    if (
      share === undefined ||
      isBefore(high, low, table.word(share.times, seriesWord.high), table.word(share.times, seriesWord.low))
    ) {
      ignore(tally, 'older');
      return true;
    }
    tally.stale++;
    table.setWord(share.times, seriesWord.high, high);
    table.setWord(share.times, seriesWord.low, low);
    this.pass(series, high, low);
    all.ends(series, joined, share);
    if (joined.live > 0) return true;
    all.dissolve(series);
    table.unplace(series);
    streams.seen[stream] = Number.NEGATIVE_INFINITY;
    return true;
  }

  /** A stream's share as it was kept: it is in the series' total already. Undefined: there is no memory for it. */
  restored(
    batch: Batch,
    point: number,
    metric: KnownMetric,
    stream: number,
    series: number,
    form: Form,
    time: PointTime,
    print: number,
    seen: number,
    wroteLast: boolean,
  ): Share | undefined {
    const { series: table, joined: all } = this.parts;
    const joined = all.of(series) ?? all.begin(series, metric, 0);
    const share = joined && all.add(joined, stream, metric);
    if (joined === undefined || share === undefined) return undefined;
    if (metric.rule !== 'delta') all.restore(batch, point, form, table.shapeOf(series), joined, share);
    this.note(share, metric, stream, time, print);
    if (wroteLast) joined.last = stream;
    joined.seen = Math.max(joined.seen, seen);
    all.show(series, joined);
    return share;
  }

  /** Whether a metric's points add up with what is in the series. */
  private isOne(series: number, metric: KnownMetric, writer: number): boolean {
    const { joined: all, streams, tree } = this.parts;
    const joined = all.of(series);
    if (joined !== undefined)
      return joined.resource === metric.scope.resource && joined.typeNumber === metric.typeNumber && sums(metric);
    if (writer === 0) return false;
    const other = tree.numbered(streams.word(writer, streamWord.metric));
    const isOfOne = other.scope.resource === metric.scope.resource && other.typeNumber === metric.typeNumber;
    return isOfOne && sums(metric) && sums(other);
  }

  private joinedOf(series: number, writer: number): JoinedSeries | undefined {
    const { joined: all, streams, tree } = this.parts;
    const known = all.of(series);
    if (known !== undefined) return known;
    const first = tree.numbered(streams.word(writer, streamWord.metric));
    const joined = all.begin(series, first, writer);
    if (joined === undefined || all.adopt(series, joined, writer, first)) return joined;
    all.dissolve(series);
    return undefined;
  }

  /** The stream's share, once its value has room in the series' row, or why it has none. */
  private roomFor(
    batch: Batch,
    point: number,
    metric: KnownMetric,
    stream: number,
    series: number,
    form: Form,
    writer: number,
  ): Share | RefusedReason {
    const { series: table, joined: all } = this.parts;
    const joined = this.joinedOf(series, writer);
    if (joined === undefined) return 'memory_limit';
    const shape = table.shapeOf(series);
    if (form.fit(batch, point, shape, true) === fit.widen) {
      const spec = form.spec(batch, point, metric.group, shape, true);
      const refused = table.move(series, spec, shape.layout.summedCells);
      if (refused !== undefined) return refused;
      all.widen(joined, table.shapeOf(series));
    }
    return joined.shares.get(stream) ?? all.add(joined, stream, metric) ?? 'memory_limit';
  }

  private put(
    batch: Batch,
    point: number,
    metric: KnownMetric,
    series: number,
    form: Form,
    joined: JoinedSeries,
    share: Share,
    decided: PointVerdict,
    time: PointTime,
  ): void {
    const { series: table, joined: all, tally } = this.parts;
    const shape: Shape = table.shapeOf(series);
    if (metric.rule === 'delta') form.add(batch, point, shape, joined.total, 0);
    else all.replace(batch, point, form, shape, joined, share, decided);
    if (decided === pointVerdict.gap) tally.gaps++;
    if (decided === pointVerdict.reset) tally.resets++;
    if (share.ended) {
      share.ended = false;
      joined.live++;
    }
    all.show(series, joined);
    ownRow(this.parts, metric, series);
    this.pass(series, time.high, time.low);
    const newestMs = wholeMsOf(table.word(series, seriesWord.high), table.word(series, seriesWord.low));
    finishRow(this.parts, batch, point, shape, form, table.word(series, seriesWord.row) * shape.family.stride, newestMs);
  }

  /** The series' time is that of its newest point. */
  private pass(series: number, high: number, low: number): void {
    const { series: table } = this.parts;
    if (isBefore(high, low, table.word(series, seriesWord.high), table.word(series, seriesWord.low))) return;
    table.setWord(series, seriesWord.high, high);
    table.setWord(series, seriesWord.low, low);
  }

  /**
   * What the stream's next point is compared with. Its newest start stays, so that a writer of an older one is known each time.
   */
  private note({ times }: Share, metric: KnownMetric, stream: number, time: PointTime, print: number): void {
    const { series: table } = this.parts;
    const { high, low, startHigh, startLow } = time;
    table.setWord(times, seriesWord.high, high);
    table.setWord(times, seriesWord.low, low);
    table.setWord(times, seriesWord.writer, stream);
    table.setWord(times, seriesWord.print, print);
    const isOlder = isBefore(
      startHigh,
      startLow,
      table.word(times, seriesWord.startHigh),
      table.word(times, seriesWord.startLow),
    );
    if (isOlder && metric.rule !== 'delta') return;
    table.setWord(times, seriesWord.startHigh, startHigh);
    table.setWord(times, seriesWord.startLow, startLow);
  }
}

/** Nothing of the stream is in the total yet. */
function firstOf({ rule }: KnownMetric): PointVerdict {
  return rule === 'delta' ? pointVerdict.add : pointVerdict.take;
}

/** Whether points of two such streams add up: of cumulative exponential histograms only the newest is shown. */
function sums({ typeNumber, rule }: KnownMetric): boolean {
  if (typeNumber === metricType.exponentialHistogram) return rule === 'delta';
  return typeNumber === metricType.sum || typeNumber === metricType.histogram;
}
