/** Which series a stream writes to: one may be that of several streams, and one that no stream writes to leaves. */
import type { PlainLabels } from '../names/index.ts';
import type { KnownMetric } from '../resources/nodes.ts';
import { severalWriters } from './joined.ts';
import { seriesWord } from './received-series.ts';
import { streamWord } from './stream-table.ts';
import type { WriterParts } from './writer-parts.ts';

export class StreamLinks {
  private readonly parts: WriterParts;

  constructor(parts: WriterParts) {
    this.parts = parts;
  }

  /** The series of a stream, if it has one that is shown. */
  seriesOf(stream: number): number {
    const series = this.parts.streams.word(stream, streamWord.series);
    return series !== 0 && this.parts.series.word(series, seriesWord.row) !== 0 ? series : 0;
  }

  labelsOf(metric: KnownMetric, stream: number): PlainLabels {
    const { streams, tree } = this.parts;
    const from = streams.keyAt(stream);
    return tree.labels.of(metric, streams.keyBytes, from, from + streams.keyLength(stream));
  }

  /** The series that is shown with these labels, and is the stream's from now on. */
  joinKnown(metric: KnownMetric, stream: number, labels: PlainLabels, hash: number): number {
    const { series: table, streams } = this.parts;
    const known = table.find(hash, metric.group, labels);
    if (known === 0) return 0;
    const former = streams.word(stream, streamWord.series);
    if (former !== 0) this.part(stream, former);
    this.attach(metric, stream, known);
    return known;
  }

  attach(metric: KnownMetric, stream: number, series: number): void {
    const { series: table, streams } = this.parts;
    streams.setWord(stream, streamWord.series, series);
    table.setWord(series, seriesWord.streams, table.word(series, seriesWord.streams) + 1);
    this.parts.tree.enter(metric.scope.resource);
  }

  /**
   * The stream leaves its series, which goes with the last one. @param expired the stream's metric, if nothing was sent for too
   * long
   */
  part(stream: number, series: number, expired?: KnownMetric): void {
    const { series: table, streams, joined, silent } = this.parts;
    streams.setWord(stream, streamWord.series, 0);
    const writer = table.word(series, seriesWord.writer);
    if (writer === stream) table.setWord(series, seriesWord.writer, 0);
    else if (writer === severalWriters) joined.leave(series, stream);
    const left = table.word(series, seriesWord.streams) - 1;
    table.setWord(series, seriesWord.streams, left);
    if (left > 0) return;
    if (expired !== undefined && table.word(series, seriesWord.row) !== 0) silent.keep(series, this.labelsOf(expired, stream));
    table.unplace(series);
    table.records.give(series);
  }
}
