/**
 * Series that several streams of one resource write to, because their attributes are the same labels: `{k: 1}` and `{k: '1'}`,
 * `{a: 'x'}` and
 * `{a: 'x', b: ''}`, one metric of two scopes where scopes are no labels. They add up. Each stream has its own times, and of
 * cumulative ones it is known what is in the total already. A series of one stream has nothing here.
 */
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import type { Form } from '../forms/form.ts';
import type { Shape } from '../resources/groups.ts';
import type { KnownMetric, KnownResource } from '../resources/nodes.ts';
import { count, falls, finite, grows, type Odd, oddCell } from './joined-values.ts';
import { type ReceivedSeries, seriesWord } from './received-series.ts';
import { type PointVerdict, pointVerdict } from './temporality-rules.ts';

/** The writer of such a series: not a stream. */
export const severalWriters = -1;

/** What a stream is in the total. */
export interface Share {
  readonly metric: KnownMetric;
  /** A record of the series' table that no one finds: `seriesWord.high` to `startLow` and `print` are the stream's. */
  readonly times: number;
  /** Of a cumulative stream, its last value, cell by cell. */
  last: Float64Array<ArrayBuffer>;
  /** Its value went, and has not come back. */
  ended: boolean;
}

export interface JoinedSeries {
  readonly resource: KnownResource;
  readonly typeNumber: number;
  readonly shares: Map<number, Share>;
  /** What adds up: the row's cells, but for values that are no finite number. */
  total: Float64Array<ArrayBuffer>;
  readonly odd: Odd;
  /** Shares that have not ended. */
  live: number;
  /** Deltas are in the total. */
  hasDeltas: boolean;
  /**
   * What is in the total of cumulative streams that have left, cell by cell: the first point of each that comes back has it, too.
   * Undefined: there is none.
   */
  left: Float64Array<ArrayBuffer> | undefined;
  /** The stream that wrote last (0: it has left), and when that was accepted, by the clock by which streams expire. */
  last: number;
  seen: number;
}

/** What one takes of the heap, about, beside its cells. */
const seriesHeapBytes = 700;
const shareHeapBytes = 300;
const cellBytes = 8;
/** The print of a series that deltas of several streams are in, all of which have left. */
export const printOfSeveral = -1;
let scratch = new Float64Array(0);

export interface JoinedParts {
  readonly series: ReceivedSeries;
  /** Whether there is no memory for so many bytes more, on the heap and in buffers. */
  readonly full: (heap: number, buffers: number) => boolean;
}

export class Joined {
  /** Bytes that it takes, on the heap and in buffers. */
  heap = 0;
  buffers = 0;
  private readonly series = new Map<number, JoinedSeries>();
  private readonly parts: JoinedParts;

  constructor(parts: JoinedParts) {
    this.parts = parts;
  }

  of(series: number): JoinedSeries | undefined {
    return this.series.get(series);
  }

  /** Its total is what is in its row, which `writer` wrote last. Undefined: there is no memory for it. */
  begin(series: number, { typeNumber, scope: { resource } }: KnownMetric, writer: number): JoinedSeries | undefined {
    const { series: table, full } = this.parts;
    const { family, layout } = table.shapeOf(series);
    const cells = layout.summedCells * cellBytes;
    if (full(seriesHeapBytes, cells)) return undefined;
    this.heap += seriesHeapBytes;
    this.buffers += cells;
    const at = table.word(series, seriesWord.row) * family.stride;
    const total = family.cells.slice(at, at + layout.summedCells) as Float64Array<ArrayBuffer>;
    const odd = { nan: 0, plus: 0, minus: 0 };
    const joined = {
      resource,
      typeNumber,
      shares: new Map(),
      total,
      odd,
      live: 0,
      hasDeltas: false,
      left: undefined,
      last: writer,
      seen: Number.NEGATIVE_INFINITY,
    };
    this.series.set(series, joined);
    table.setWord(series, seriesWord.writer, severalWriters);
    return joined;
  }

  /** A stream of which nothing is in the total yet. Undefined: there is no memory for it. */
  add(joined: JoinedSeries, stream: number, metric: KnownMetric): Share | undefined {
    const cells = metric.rule === 'delta' ? 0 : joined.total.length;
    if (this.parts.full(shareHeapBytes, cells * cellBytes)) return undefined;
    const share: Share = { metric, times: this.parts.series.records.take(), last: new Float64Array(cells), ended: false };
    this.heap += shareHeapBytes;
    this.buffers += cells * cellBytes;
    joined.shares.set(stream, share);
    joined.live++;
    if (metric.rule === 'delta') joined.hasDeltas = true;
    return share;
  }

  /** The stream whose value the row had, before others came, with the series' times. */
  adopt(series: number, joined: JoinedSeries, stream: number, metric: KnownMetric): boolean {
    const { series: table } = this.parts;
    const share = this.add(joined, stream, metric);
    if (share === undefined) return false;
    for (const word of timeWords) table.setWord(share.times, word, table.word(series, word));
    table.setWord(share.times, seriesWord.writer, stream);
    if (metric.rule === 'delta') return true;
    share.last.set(joined.total);
    const odd = oddCell(table.shapeOf(series));
    count(joined.odd, share.last[odd] as number, 1);
    joined.total[odd] = finite(joined.total[odd] as number);
    return true;
  }

  /** The row is of another shape now, whose cells begin as the former one's. */
  widen(joined: JoinedSeries, { layout }: Shape): void {
    joined.total = this.longer(joined.total, layout.summedCells);
  }

  /** A cumulative value replaces the stream's former one; what a counter had counted before it began anew stays. */
  replace(
    batch: Batch,
    point: number,
    form: Form,
    shape: Shape,
    joined: JoinedSeries,
    share: Share,
    decided: PointVerdict,
  ): void {
    const length = shape.layout.summedCells;
    if (scratch.length < length) scratch = new Float64Array(length);
    form.write(batch, point, shape, scratch, 0);
    share.last = this.longer(share.last, length);
    const { total } = joined;
    const { last } = share;
    const odd = oddCell(shape);
    count(joined.odd, last[odd] as number, -1);
    count(joined.odd, scratch[odd] as number, 1);
    const isAnew = decided === pointVerdict.reset || (decided !== pointVerdict.contested && falls(last, scratch, length));
    const stays = isAnew && grows(share.metric);
    for (let cell = 0; cell < length; cell++) {
      const value = scratch[cell] as number;
      (total[cell] as number) += finite(value) - (stays ? 0 : finite(last[cell] as number));
      last[cell] = value;
    }
  }

  /** A cumulative stream's last value as it was kept: it is in the total. */
  restore(batch: Batch, point: number, form: Form, shape: Shape, joined: JoinedSeries, { last }: Share): void {
    form.write(batch, point, shape, last, 0);
    count(joined.odd, last[oddCell(shape)] as number, 1);
  }

  /** It had ended when it was kept. */
  endAgain(series: number, share: Share): void {
    const joined = this.series.get(series);
    if (joined !== undefined) this.ends(series, joined, share);
  }

  /** The total is written to the series' row. */
  show(series: number, joined: JoinedSeries): void {
    const { series: table } = this.parts;
    const shape = table.shapeOf(series);
    const { family } = shape;
    const at = table.word(series, seriesWord.row) * family.stride;
    const { total, odd } = joined;
    for (let cell = 0; cell < total.length; cell++) family.cells[at + cell] = total[cell] as number;
    if (odd.nan > 0 || (odd.plus > 0 && odd.minus > 0)) family.cells[at + oddCell(shape)] = Number.NaN;
    else if (odd.plus > 0) family.cells[at + oddCell(shape)] = Number.POSITIVE_INFINITY;
    else if (odd.minus > 0) family.cells[at + oddCell(shape)] = Number.NEGATIVE_INFINITY;
  }

  /**
   * A silent stream stays with what it had counted while others write its series: if it comes back, it is known what is in the
   * total.
   */
  seenWith(series: number, stream: number): number | undefined {
    const joined = this.series.get(series);
    const share = joined?.shares.get(stream);
    return share !== undefined && grows(share.metric) ? joined?.seen : undefined;
  }

  /** A stream leaves. What it had counted stays; what it had of a sum that goes up and down goes with it. */
  leave(series: number, stream: number): void {
    const joined = this.series.get(series);
    const share = joined?.shares.get(stream);
    if (joined === undefined) return;
    if (share !== undefined) this.end(joined, stream, share);
    if (joined.shares.size > 0) {
      if (share !== undefined) this.withdraw(series, joined, share);
      return;
    }
    this.settle(series, joined);
    this.drop(series, joined, 0);
  }

  /**
   * All have left. What came as deltas stays in the row, with what cumulative streams had counted before they began anew, and no
   * times: it is not known any more which stream had which.
   */
  private settle(series: number, joined: JoinedSeries): void {
    const { series: table } = this.parts;
    for (const word of timeWords) table.setWord(series, word, 0);
    if (!joined.hasDeltas) return;
    table.setWord(series, seriesWord.print, printOfSeveral);
    joined.left?.forEach((value, cell) => {
      (joined.total[cell] as number) -= value;
    });
    Object.assign(joined.odd, { nan: 0, plus: 0, minus: 0 });
    this.show(series, joined);
  }

  /** A series of several streams goes on that had expired: its total is what is in its row. */
  goOn(series: number, metric: KnownMetric): void {
    const joined = this.begin(series, metric, 0);
    if (joined !== undefined) joined.hasDeltas = true;
  }

  /** A stream's value went: it has ended, unless it comes back. */
  ends(series: number, joined: JoinedSeries, share: Share): void {
    if (share.ended) return;
    share.ended = true;
    joined.live--;
    this.withdraw(series, joined, share);
  }

  /** What an ended stream has of a sum that goes up and down goes with it. */
  private withdraw(series: number, joined: JoinedSeries, { metric, last }: Share): void {
    if (metric.rule === 'delta' || grows(metric)) return;
    const value = last[0] as number;
    (joined.total[0] as number) -= finite(value);
    count(joined.odd, value, -1);
    last[0] = 0;
    this.show(series, joined);
  }

  /** The series is one that streams overwrite, as if the last of them had been alone. */
  dissolve(series: number): void {
    const joined = this.series.get(series);
    if (joined === undefined) return;
    for (const [stream, share] of joined.shares) this.end(joined, stream, share);
    this.drop(series, joined, joined.last);
  }

  private end(joined: JoinedSeries, stream: number, share: Share): void {
    this.parts.series.records.give(share.times);
    this.heap -= shareHeapBytes;
    this.buffers -= share.last.byteLength;
    joined.shares.delete(stream);
    if (share.last.length > 0 && grows(share.metric)) {
      joined.left = this.longer(joined.left ?? new Float64Array(0), joined.total.length);
      for (const [cell, value] of share.last.entries()) (joined.left[cell] as number) += finite(value);
    }
    if (!share.ended) joined.live--;
    if (joined.last === stream) joined.last = 0;
  }

  private drop(series: number, joined: JoinedSeries, writer: number): void {
    this.heap -= seriesHeapBytes;
    this.buffers -= joined.total.byteLength + (joined.left?.byteLength ?? 0);
    this.series.delete(series);
    this.parts.series.setWord(series, seriesWord.writer, writer);
  }

  private longer(cells: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
    if (cells.length >= length) return cells;
    const longer = new Float64Array(length);
    longer.set(cells);
    this.buffers += longer.byteLength - cells.byteLength;
    return longer;
  }
}

const timeWords = [seriesWord.high, seriesWord.low, seriesWord.startHigh, seriesWord.startLow, seriesWord.print] as const;
