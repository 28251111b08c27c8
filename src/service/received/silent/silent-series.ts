/**
 * Series of deltas that expired, and their totals. SDKs leave out a series that nothing was recorded for, so that silence says
 * nothing of a total: the series is shown no more, and with the next delta it goes on where it was. What a cumulative series is
 * its sender knows.
 */

import { type Batch, readBatch } from '../../../formats/otlp/batch/batch.ts';
import { metricAt } from '../../../formats/otlp/batch/batch-index.ts';
import { noLimits } from '../../../formats/otlp/batch/batch-limits.ts';
import { metricsOf, pointsOf, resourcesOf, scopesOf } from '../../../formats/otlp/batch/walk.ts';
import { ByteSink } from '../../../formats/otlp/wire/byte-sink.ts';
import { wholeMsOf } from '../../../formats/otlp/wire/nanos.ts';
import { lengthOf, types } from '../../../formats/otlp/wire/protobuf-tags.ts';
import { viewOf } from '../../../formats/otlp/wire/same-bytes.ts';
import { PointFields } from '../../../formats/otlp/write/points/point-fields.ts';
import { type Form, formOf } from '../forms/index.ts';
import { writeCells } from '../kept/point-values.ts';
import type { Claimed, PlainLabels } from '../names/index.ts';
import { PointTime } from '../streams/point-time.ts';
import { type ReceivedSeries, seriesWord } from '../streams/received-series.ts';
import { entryAt, type SilentTotals } from './silent-totals.ts';

/** What a series was when it expired. */
export interface SilentSeriesState {
  /** Its value: a request of one point. */
  readonly batch: Batch;
  readonly point: number;
  readonly form: Form;
  /** Of the row, ms since the epoch; 0: unknown. */
  readonly startMs: number;
  /** Of its newest point, as in `seriesWord`. */
  readonly high: number;
  readonly low: number;
  readonly startHigh: number;
  readonly startLow: number;
  readonly print: number;
}

const timeWords = [
  [entryAt.high, seriesWord.high],
  [entryAt.low, seriesWord.low],
  [entryAt.startHigh, seriesWord.startHigh],
  [entryAt.startLow, seriesWord.startLow],
  [entryAt.print, seriesWord.print],
] as const;

/** A request, with nothing but a point: of resource metrics, scope metrics, a metric. */
const around = [lengthOf(1), lengthOf(2), lengthOf(2)] as const;
const dataOf = { number: types.sum.data, histogram: types.histogram.data, exponential: types.exponentialHistogram.data };
const noAttributes = Object.freeze({ attributes: new Uint8Array(0), from: 0, to: 0, timeMs: 0 });
const encoder = new TextEncoder();

export class SilentSeries {
  private readonly totals: SilentTotals;
  private readonly series: ReceivedSeries;
  private readonly sink = new ByteSink();
  private readonly fields = new PointFields(this.sink);
  private readonly time = new PointTime();
  private of: { readonly claimed: Claimed; readonly names: readonly string[]; readonly bytes: Uint8Array } | undefined;

  constructor(totals: SilentTotals, series: ReceivedSeries) {
    this.totals = totals;
    this.series = series;
  }

  get size(): number {
    return this.totals.size;
  }

  /** A shown series expires. Nothing is kept of one whose newest value is no delta. */
  keep(series: number, labels: PlainLabels): void {
    const { series: table, sink, fields } = this;
    if (table.word(series, seriesWord.print) === 0) return;
    const shape = table.shapeOf(series);
    const { layout, family, group } = shape;
    if (layout.form === 'summary') return;
    const row = table.word(series, seriesWord.row);
    const keyLength = this.writeKey(group.claimed, labels);
    const opened = [...around, dataOf[layout.form]].map((tag) => sink.open(tag));
    writeCells(fields, { ...noAttributes, startMs: family.start(row) }, shape, family.cells, row * family.stride);
    for (const at of opened.reverse()) sink.close(at);
    const entry = sink.bytes.subarray(0, sink.at);
    const view = viewOf(entry);
    view.setUint32(entryAt.length, entry.length, true);
    view.setUint32(entryAt.keyLength, keyLength, true);
    for (const [at, word] of timeWords) view.setInt32(at, table.word(series, word), true);
    this.totals.put(entry);
  }

  /**
   * What the series with these labels was, which is another one's from now on. @param upTo it stays as it is if its last point is
   * newer
   */
  take(
    claimed: Claimed,
    labels: PlainLabels,
    upTo?: { readonly high: number; readonly low: number },
  ): SilentSeriesState | undefined {
    if (this.totals.size === 0) return undefined;
    const keyLength = this.writeKey(claimed, labels);
    const entry = this.totals.take(this.sink.view, entryAt.key, keyLength, upTo);
    return entry && this.stateOf(entry);
  }

  private stateOf(entry: Uint8Array): SilentSeriesState {
    const view = viewOf(entry);
    const word = (at: number) => view.getInt32(at, true);
    const batch = readBatch(entry.slice(entryAt.key + view.getUint32(entryAt.keyLength, true)), noLimits);
    const [metric, point] = onlyPoint(batch);
    this.time.read(batch, point);
    return {
      batch,
      point,
      form: formOf(batch.index[metric + metricAt.type] as number),
      startMs: wholeMsOf(this.time.startHigh, this.time.startLow),
      high: word(entryAt.high),
      low: word(entryAt.low),
      startHigh: word(entryAt.startHigh),
      startLow: word(entryAt.startLow),
      print: word(entryAt.print),
    };
  }

  /** Writes to the sink: an empty head, and the key. Returns the length of the key. */
  private writeKey(claimed: Claimed, labels: PlainLabels): number {
    const { sink } = this;
    if (this.of?.claimed !== claimed || this.of.names !== labels.names) {
      // None of the texts has a NUL, and none of the names is empty.
      const bytes = encoder.encode([claimed.name, claimed.kind, ...labels.names, '', ''].join('\0'));
      this.of = { claimed, names: labels.names, bytes };
    }
    sink.at = 0;
    sink.reserve(entryAt.key + this.of.bytes.length + labels.length);
    sink.bytes.fill(0, 0, entryAt.key);
    sink.at = entryAt.key;
    sink.copy(this.of.bytes, 0, this.of.bytes.length);
    sink.copy(labels.bytes, 0, labels.length);
    return sink.at - entryAt.key;
  }
}

function onlyPoint(batch: Batch): readonly [metric: number, point: number] {
  for (const resource of resourcesOf(batch))
    for (const scope of scopesOf(batch, resource))
      for (const metric of metricsOf(batch, scope)) for (const point of pointsOf(batch, metric)) return [metric, point];
  throw new Error('BUG: a silent total without a value');
}
