/** The second pass: each point whose stream was found gets its row, and its value is written there, by the rules of time. */
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import { pointAt } from '../../../formats/otlp/batch/batch-index.ts';
import { wholeMsOf } from '../../../formats/otlp/wire/nanos.ts';
import { noRecordedValue } from '../../../formats/otlp/wire/protobuf-tags.ts';
import { type Form, fit } from '../forms/form.ts';
import type { PlainLabels } from '../names/index.ts';
import type { Shape } from '../resources/groups.ts';
import type { KnownMetric } from '../resources/nodes.ts';
import type { SilentSeriesState } from '../silent/silent-series.ts';
import { printOfSeveral, severalWriters } from './joined.ts';
import { JoinedWriter } from './joined-writer.ts';
import { forget } from './no-recorded-value.ts';
import { isBefore, PointTime } from './point-time.ts';
import { seriesWord } from './received-series.ts';
import { StreamLinks } from './stream-links.ts';
import { streamWord } from './stream-table.ts';
import { type PointVerdict, pointVerdict, verdictOf } from './temporality-rules.ts';
import { finishRow, ignoreLate, ownRow, type WriterParts } from './writer-parts.ts';
import { tellContested, tellOther } from './writers.ts';

/** A class, because the loop over points keeps its position in fields, and makes no object a point. */
export class PointWriter {
  readonly parts: WriterParts;
  readonly links: StreamLinks;
  readonly joins: JoinedWriter;
  readonly time = new PointTime();
  /** Of the value of the point at hand, if it is a delta. */
  print = 0;
  /** Of the batch at hand, ms since the epoch. */
  private arrivedMs = 0;

  constructor(parts: WriterParts) {
    this.parts = parts;
    this.links = new StreamLinks(parts);
    this.joins = new JoinedWriter(parts);
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
      forget(this, metric, stream);
      return;
    }
    this.print = metric.rule === 'delta' ? form.print(batch, point) : 0;
    let series = this.links.seriesOf(stream);
    if (series === 0) series = this.join(batch, point, metric, stream, form, now);
    if (series === 0) return;
    if (applied.isOn && applied.has(series)) {
      if (!applied.hasStream(stream)) streams.seen[stream] = now;
      return;
    }
    const writer = table.word(series, seriesWord.writer);
    if (writer !== stream && this.joins.takes(batch, point, metric, stream, series, form, this.time, this.print, now)) return;
    const decided = this.decide(metric, stream, series);
    if (decided === pointVerdict.older || decided === pointVerdict.overlap) {
      ignoreLate(this.parts, metric, decided === pointVerdict.older ? 'older' : 'overlap');
      return;
    }
    if (decided === pointVerdict.repeat) {
      tally.repeats++;
      streams.seen[stream] = now;
      return;
    }
    if (writer === severalWriters) this.parts.joined.dissolve(series);
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
    table.setWord(series, seriesWord.print, this.print);
    if (metric.rule !== 'delta') return;
    table.setWord(series, seriesWord.startHigh, this.time.startHigh);
    table.setWord(series, seriesWord.startLow, this.time.startLow);
  }

  private decide(metric: KnownMetric, stream: number, series: number): PointVerdict {
    const { tally, series: table } = this.parts;
    const decided = verdictOf(table, series, metric.rule, this.time, stream, this.print);
    const writer = this.parts.joined.of(series)?.last ?? table.word(series, seriesWord.writer);
    if (writer !== stream) ownRow(this.parts, metric, series);
    if (writer !== stream && writer !== 0 && !this.succeeds(series)) tellOther(this.parts, metric, stream, writer);
    else if (decided === pointVerdict.reset) tally.resets++;
    else if (decided === pointVerdict.contested) tellContested(this.parts, metric);
    return decided;
  }

  /**
   * A process that was started again sends another resource, as often as not: what began behind the last point is no second
   * writer.
   */
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
      ownRow(this.parts, metric, series);
    }
    const row = table.word(series, seriesWord.row);
    const at = row * shape.family.stride;
    if (adds) form.add(batch, point, shape, shape.family.cells, at);
    else {
      form.write(batch, point, shape, shape.family.cells, at);
      this.start(shape, row, series);
    }
    if (adds && decided === pointVerdict.gap) this.parts.tally.gaps++;
    finishRow(this.parts, batch, point, shape, form, at, wholeMsOf(this.time.high, this.time.low));
    return true;
  }

  /**
   * What is in the row began with this point's start. The newest start stays with the series, so that a writer of an older one is
   * known each time.
   */
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
   * A stream without a shown series gets one: another stream's or one that expired, which is returned, or one of its own, in
   * which case the point is written and 0 returned, as when there is no memory. @param goesOn whether one that expired goes on
   */
  join(batch: Batch, point: number, metric: KnownMetric, stream: number, form: Form, now: number, goesOn = true): number {
    const { series: table, silent, drop, tally } = this.parts;
    const labels = this.links.labelsOf(metric, stream);
    const hash = table.hashOf(metric.group, labels);
    const known = this.links.joinKnown(metric, stream, labels, hash);
    if (known !== 0) return known;
    const total = silent.take(metric.group.claimed, labels);
    const isFit = metric.rule === 'delta' || total?.print === printOfSeveral;
    if (total !== undefined && goesOn && isFit) return this.goOn(total, batch, point, metric, stream, now, labels, hash);
    const startMs = this.time.zeroMs(this.arrivedMs);
    if (!form.accepts(batch, point, metric.group)) drop(form.dropped, metric);
    else if (this.make(batch, point, metric, stream, form, now, labels, hash, startMs) !== 0) tally.taken++;
    return 0;
  }

  /** The series is what it was when it expired, with the stream as its writer. 0: there is no memory for it. */
  private goOn(
    total: SilentSeriesState,
    batch: Batch,
    point: number,
    metric: KnownMetric,
    stream: number,
    now: number,
    labels: PlainLabels,
    hash: number,
  ): number {
    const { time, print } = this;
    time.set(total.high, total.low, total.startHigh, total.startLow);
    this.print = total.print;
    const series = this.make(total.batch, total.point, metric, stream, total.form, now, labels, hash, total.startMs);
    time.read(batch, point);
    this.print = print;
    if (series !== 0 && total.print === printOfSeveral) this.parts.joined.goOn(series, metric);
    return series;
  }

  /** A series whose value is the point's. 0: there is no memory for it. */
  private make(
    batch: Batch,
    point: number,
    metric: KnownMetric,
    stream: number,
    form: Form,
    now: number,
    labels: PlainLabels,
    hash: number,
    startMs: number,
  ): number {
    const { series: table, streams, refuse, applied } = this.parts;
    const former = streams.word(stream, streamWord.series);
    const series = former === 0 ? table.records.take() : former;
    const spec = form.spec(batch, point, metric.group, undefined, false);
    const refused = table.place(series, metric.group, spec, labels, hash, startMs, form.first(batch, point));
    if (refused !== undefined) {
      if (former === 0) table.records.give(series);
      refuse(refused, metric);
      return 0;
    }
    if (former === 0) {
      this.links.attach(metric, stream, series);
      applied.forget(series);
    }
    ownRow(this.parts, metric, series);
    this.begin(batch, point, series, stream, form);
    streams.seen[stream] = now;
    return series;
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
    finishRow(this.parts, batch, point, shape, form, at, wholeMsOf(this.time.high, this.time.low));
  }
}
