/** The second pass: each point whose stream was found gets its row, and its value is written there, by the rules of time. */
import type { Batch } from '../../otlp/batch/batch.ts';
import { pointAt } from '../../otlp/batch/batch-index.ts';
import { noRecordedValue } from '../../otlp/wire/protobuf-tags.ts';
import type { TellReceived } from '../events.ts';
import { type Form, fit } from '../forms/form.ts';
import type { Applied } from '../kept/applied.ts';
import type { RefusedReason } from '../memory.ts';
import type { PlainLabels } from '../names/index.ts';
import type { Shape } from '../resources/groups.ts';
import type { KnownMetric } from '../resources/nodes.ts';
import type { ResourceTree } from '../resources/resource-tree.ts';
import { ignore, type ReceivedTally } from '../tally.ts';
import { isBefore, msOf, PointTime } from './point-time.ts';
import { type ReceivedSeries, seriesWord } from './received-series.ts';
import type { RowOwners } from './row-owners.ts';
import { type StreamTable, streamWord } from './stream-table.ts';
import { type PointVerdict, pointVerdict, verdictOf } from './temporality-rules.ts';
import { tellConflict, tellContested } from './writers.ts';

export interface WriterParts {
  readonly streams: StreamTable;
  readonly series: ReceivedSeries;
  readonly tree: ResourceTree;
  readonly owners: RowOwners;
  readonly tally: ReceivedTally;
  readonly applied: Applied;
  readonly tell: TellReceived;
  /** A point is rejected: there is no memory for its row. */
  readonly refuse: (reason: RefusedReason, metric: KnownMetric) => void;
  readonly drop: (reason: Form['dropped'], metric: KnownMetric) => void;
  /** A delta is not added up. */
  readonly refuseDelta: (reason: 'older' | 'overlap', metric: KnownMetric) => void;
}

/** A class, because the loop over points keeps its position in fields, and makes no object a point. */
export class PointWriter {
  private readonly parts: WriterParts;
  readonly time = new PointTime();
  /** Of the value of the point at hand, if it is a delta. */
  print = 0;
  /** Of the batch at hand, ms since the epoch. */
  private arrivedMs = 0;

  constructor(parts: WriterParts) {
    this.parts = parts;
  }

  /** A batch has arrived, at this time since the epoch. */
  arrive(arrivedMs: number): void {
    this.arrivedMs = arrivedMs;
  }

  /** `now`: by the clock by which series expire. */
  write(batch: Batch, point: number, metric: KnownMetric, stream: number, form: Form, now: number): void {
    const { series: table, tally, streams, applied } = this.parts;
    this.time.read(batch, point);
    if (((batch.index[point + pointAt.flags] as number) & noRecordedValue) !== 0) {
      this.forget(metric, stream);
      return;
    }
    this.print = metric.rule === 'delta' ? form.print(batch, point) : 0;
    let series = this.seriesOf(stream);
    if (series === 0) series = this.join(batch, point, metric, stream, form, now);
    if (series === 0) return;
    if (applied.isOn && applied.has(series)) {
      if (!applied.hasStream(stream)) streams.seen[stream] = now;
      return;
    }
    const decided = this.decide(metric, stream, series);
    if (decided === pointVerdict.older || decided === pointVerdict.overlap) {
      this.ignore(metric, decided === pointVerdict.older ? 'older' : 'overlap');
      return;
    }
    if (decided === pointVerdict.repeat) {
      tally.repeats++;
      streams.seen[stream] = now;
      return;
    }
    if (!form.accepts(batch, point, metric.group)) {
      this.parts.drop(form.dropped, metric);
      if (metric.rule !== 'delta') table.unplace(series);
    } else if (!this.put(batch, point, metric, series, form, decided)) return;
    else tally.taken++;
    this.note(metric, series, stream);
    streams.seen[stream] = now;
  }

  /** What its series' next point is compared with. */
  private note(metric: KnownMetric, series: number, stream: number): void {
    const { series: table } = this.parts;
    table.setWord(series, seriesWord.high, this.time.high);
    table.setWord(series, seriesWord.low, this.time.low);
    table.setWord(series, seriesWord.writer, stream);
    if (metric.rule !== 'delta') return;
    table.setWord(series, seriesWord.startHigh, this.time.startHigh);
    table.setWord(series, seriesWord.startLow, this.time.startLow);
    table.setWord(series, seriesWord.print, this.print);
  }

  /** An older state is known already; an older change is not. */
  private ignore(metric: KnownMetric, reason: 'older' | 'overlap'): void {
    if (metric.rule === 'delta') this.parts.refuseDelta(reason, metric);
    else ignore(this.parts.tally, reason);
  }

  /** The series of a stream, if it has one that is shown. */
  seriesOf(stream: number): number {
    const series = this.parts.streams.word(stream, streamWord.series);
    return series !== 0 && this.parts.series.word(series, seriesWord.row) !== 0 ? series : 0;
  }

  private decide(metric: KnownMetric, stream: number, series: number): PointVerdict {
    const { tally, series: table } = this.parts;
    const decided = verdictOf(table, series, metric.rule, this.time, stream, this.print);
    const writer = table.word(series, seriesWord.writer);
    if (writer !== stream) this.own(metric, series);
    if (writer !== stream && writer !== 0 && !this.succeeds(series)) tellConflict(this.parts, metric, writer);
    else if (decided === pointVerdict.reset) tally.resets++;
    else if (decided === pointVerdict.contested) tellContested(this.parts, metric);
    return decided;
  }

  /** What is in the series' row is the metric's resource's. */
  own({ scope }: KnownMetric, series: number): void {
    const { series: table, owners } = this.parts;
    owners.set(table.shapeOf(series).family, table.word(series, seriesWord.row), scope.resource);
  }

  /** A process that was started again sends another resource, as often as not: what began behind the last point is no second writer. */
  private succeeds(series: number): boolean {
    const { series: table } = this.parts;
    const { startHigh, startLow, started } = this.time;
    return started && !isBefore(startHigh, startLow, table.word(series, seriesWord.high), table.word(series, seriesWord.low));
  }

  /** Writes to the row, in another shape of its group where it has to be. False: there is no memory for that. */
  put(batch: Batch, point: number, metric: KnownMetric, series: number, form: Form, decided: PointVerdict): boolean {
    const { series: table } = this.parts;
    let shape = table.shapeOf(series);
    let adds = decided === pointVerdict.add || decided === pointVerdict.gap;
    const fits = form.fit(batch, point, shape, adds);
    if (fits === fit.reset) adds = false;
    if (fits !== fit.fits) {
      const spec = form.spec(batch, point, metric.group, shape, adds);
      const refused = table.move(series, spec, fits === fit.widen ? shape.layout.summedCells : 0);
      if (refused !== undefined) {
        this.parts.refuse(refused, metric);
        return false;
      }
      shape = table.shapeOf(series);
      this.own(metric, series);
    }
    const row = table.word(series, seriesWord.row);
    const at = row * shape.family.stride;
    if (adds) form.add(batch, point, shape, shape.family.cells, at);
    else {
      form.write(batch, point, shape, shape.family.cells, at);
      this.start(shape, row, series);
    }
    if (adds && decided === pointVerdict.gap) this.parts.tally.gaps++;
    this.finish(batch, point, shape, form, at);
    return true;
  }

  private finish(batch: Batch, point: number, shape: Shape, form: Form, at: number): void {
    const { layout, family } = shape;
    if (layout.timestamp !== undefined) family.cells[at + layout.timestamp] = msOf(this.time.high, this.time.low);
    if (shape.exemplars && batch.index[point + pointAt.exemplarsFrom] !== 0) form.exemplars(batch, point, shape, family.cells, at);
  }

  /** What is in the row began with this point's start. The newest start stays with the series, so that a writer of an older one is known each time. */
  private start(shape: Shape, row: number, series: number): void {
    const { series: table } = this.parts;
    const { startHigh, startLow } = this.time;
    const sinceHigh = table.word(series, seriesWord.startHigh);
    const sinceLow = table.word(series, seriesWord.startLow);
    if (startHigh === sinceHigh && startLow === sinceLow && this.print === 0) return;
    shape.family.setStart(row, this.time.zeroMs(this.arrivedMs));
    if (isBefore(startHigh, startLow, sinceHigh, sinceLow)) return;
    table.setWord(series, seriesWord.startHigh, startHigh);
    table.setWord(series, seriesWord.startLow, startLow);
  }

  /**
   * A stream without a shown series gets one: another stream's, which is returned, or one of its own, in which case the point is written and 0 returned, as
   * when there is no memory.
   */
  join(batch: Batch, point: number, metric: KnownMetric, stream: number, form: Form, now: number): number {
    const labels = this.labelsOf(metric, stream);
    const hash = this.parts.series.hashOf(metric.group, labels);
    const known = this.joinKnown(metric, stream, labels, hash);
    if (known !== 0) return known;
    if (!form.accepts(batch, point, metric.group)) this.parts.drop(form.dropped, metric);
    else this.make(batch, point, metric, stream, form, now, labels, hash);
    return 0;
  }

  private labelsOf(metric: KnownMetric, stream: number): PlainLabels {
    const { streams, tree } = this.parts;
    const from = streams.keyAt(stream);
    return tree.labels.of(metric, streams.keyBytes, from, from + streams.keyLength(stream));
  }

  /** The series that is shown with these labels, and is the stream's from now on. */
  private joinKnown(metric: KnownMetric, stream: number, labels: PlainLabels, hash: number): number {
    const { series: table, streams } = this.parts;
    const known = table.find(hash, metric.group, labels);
    if (known === 0) return 0;
    const former = streams.word(stream, streamWord.series);
    if (former !== 0) this.part(stream, former);
    this.attach(metric, stream, known);
    return known;
  }

  private make(
    batch: Batch,
    point: number,
    metric: KnownMetric,
    stream: number,
    form: Form,
    now: number,
    labels: PlainLabels,
    hash: number,
  ): void {
    const { series: table, streams, tally, refuse, applied } = this.parts;
    const former = streams.word(stream, streamWord.series);
    const series = former === 0 ? table.records.take() : former;
    const spec = form.spec(batch, point, metric.group, undefined, false);
    const refused = table.place(series, metric.group, spec, labels, hash, this.time.zeroMs(this.arrivedMs), form.first(batch, point));
    if (refused !== undefined) {
      if (former === 0) table.records.give(series);
      refuse(refused, metric);
      return;
    }
    if (former === 0) {
      this.attach(metric, stream, series);
      applied.forget(series);
    }
    this.own(metric, series);
    this.begin(batch, point, series, stream, form);
    streams.seen[stream] = now;
    tally.taken++;
  }

  /** The first value of a series. */
  private begin(batch: Batch, point: number, series: number, stream: number, form: Form): void {
    const { series: table } = this.parts;
    const shape = table.shapeOf(series);
    const at = table.word(series, seriesWord.row) * shape.family.stride;
    table.setWord(series, seriesWord.high, this.time.high);
    table.setWord(series, seriesWord.low, this.time.low);
    table.setWord(series, seriesWord.startHigh, this.time.startHigh);
    table.setWord(series, seriesWord.startLow, this.time.startLow);
    table.setWord(series, seriesWord.print, this.print);
    table.setWord(series, seriesWord.writer, stream);
    form.write(batch, point, shape, shape.family.cells, at);
    this.finish(batch, point, shape, form, at);
  }

  private attach(metric: KnownMetric, stream: number, series: number): void {
    const { series: table, streams } = this.parts;
    streams.setWord(stream, streamWord.series, series);
    table.setWord(series, seriesWord.streams, table.word(series, seriesWord.streams) + 1);
    this.parts.tree.enter(metric.scope.resource);
  }

  /** The stream leaves its series, which goes with the last one. */
  part(stream: number, series: number): void {
    const { series: table, streams } = this.parts;
    streams.setWord(stream, streamWord.series, 0);
    if (table.word(series, seriesWord.writer) === stream) table.setWord(series, seriesWord.writer, 0);
    const left = table.word(series, seriesWord.streams) - 1;
    table.setWord(series, seriesWord.streams, left);
    if (left > 0) return;
    table.unplace(series);
    table.records.give(series);
  }

  /** NoRecordedValue: the series goes, unless it has a newer value. Its stream expires with the next round. */
  private forget(metric: KnownMetric, stream: number): void {
    const { tally, streams, series: table, applied } = this.parts;
    let series = this.seriesOf(stream);
    if (series === 0) {
      const labels = this.labelsOf(metric, stream);
      series = this.joinKnown(metric, stream, labels, table.hashOf(metric.group, labels));
    }
    if (series === 0 || (applied.isOn && applied.has(series))) return;
    const { high, low } = this.time;
    if (isBefore(high, low, table.word(series, seriesWord.high), table.word(series, seriesWord.low))) {
      ignore(tally, 'older');
      return;
    }
    tally.stale++;
    table.unplace(series);
    table.setWord(series, seriesWord.high, high);
    table.setWord(series, seriesWord.low, low);
    streams.seen[stream] = Number.NEGATIVE_INFINITY;
  }
}
