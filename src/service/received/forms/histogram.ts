/** `HistogramDataPoint`: buckets between bounds. */
import { latin1 } from '../../../core/node/latin1.ts';
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import { histogramAt } from '../../../formats/otlp/batch/batch-index.ts';
import { countAt, doubleAt } from '../../../formats/otlp/batch/batch-values.ts';
import { sameBytes } from '../../../formats/otlp/wire/same-bytes.ts';
import { exemplarRoom, hasRoom, keepExemplars, noExemplars, roomBeside } from './exemplars.ts';
import { type Form, fit } from './form.ts';
import { endPrint, mixedField, mixedWords, newPrint } from './value-print.ts';

const size = 8;

export const histogramForm: Form = Object.freeze<Form>({
  name: 'histogram',
  accepts: () => true,
  dropped: 'not_a_count',
  first: () => 0,
  fit(batch, point, shape, adds) {
    const { layout, marks, group } = shape;
    const from = batch.index[point + histogramAt.boundsFrom] as number;
    const length = (batch.index[point + histogramAt.boundsTo] as number) - from;
    if (layout.form !== 'histogram' || marks.byteLength !== length || !sameBytes(marks, 0, batch.view, from, length))
      return fit.reset;
    if (layout.hasSum !== hasSum(batch, point, layout.hasSum, adds)) return fit.widen;
    return hasRoom(shape, exemplarRoom(batch, point, group)) ? fit.fits : fit.widen;
  },
  spec(batch, point, group, present, adds) {
    const { bytes, index } = batch;
    const marks = bytes.subarray(index[point + histogramAt.boundsFrom] as number, index[point + histogramAt.boundsTo] as number);
    const room = roomBeside(present, exemplarRoom(batch, point, group));
    const exemplars = room !== noExemplars;
    const noSum = !hasSum(batch, point, present?.layout.form !== 'histogram' || present.layout.hasSum, adds);
    return {
      key: `histogram${exemplars ? `, exemplars ${room}` : ''}${noSum ? ', no sum' : ''}: ${latin1(marks)}`,
      shape: { bounds: boundsOf(batch, point), noSum, ...(exemplars && { exemplarText: room }) },
      marks,
      exemplars,
    };
  },
  write(batch, point, { layout }, cells, at) {
    if (layout.form !== 'histogram') return;
    const last = layout.buckets - 1;
    for (let bucket = 0; bucket < last; bucket++) cells[at + bucket] = countOf(batch, point, bucket);
    cells[at + last] = restOf(batch, point, last);
    cells[at + layout.sum] = sumOf(batch, point);
  },
  add(batch, point, { layout }, cells, at) {
    if (layout.form !== 'histogram') return;
    const last = layout.buckets - 1;
    for (let bucket = 0; bucket < last; bucket++) (cells[at + bucket] as number) += countOf(batch, point, bucket);
    (cells[at + last] as number) += restOf(batch, point, last);
    (cells[at + layout.sum] as number) += sumOf(batch, point);
  },
  print({ view, index }, point) {
    let print = mixedField(newPrint(), view, index[point + histogramAt.count] as number);
    print = mixedField(print, view, index[point + histogramAt.sum] as number);
    print = mixedWords(
      print,
      view,
      index[point + histogramAt.countsFrom] as number,
      index[point + histogramAt.countsTo] as number,
    );
    return endPrint(
      mixedWords(print, view, index[point + histogramAt.boundsFrom] as number, index[point + histogramAt.boundsTo] as number),
    );
  },
  exemplars: keepExemplars,
});

/**
 * Whether the row has a sum with the point in it: a sum that nobody sent is unknown, and so is one with it. `before`: the row has
 * one.
 */
function hasSum({ index }: Batch, point: number, before: boolean, adds: boolean): boolean {
  return index[point + histogramAt.sum] !== 0 && (before || !adds);
}

/** Without +Inf, which a row's last bucket is anyway. */
function boundsOf({ view, index }: Batch, point: number): readonly number[] {
  const bounds: number[] = [];
  for (
    let at = index[point + histogramAt.boundsFrom] as number;
    at < (index[point + histogramAt.boundsTo] as number);
    at += size
  ) {
    const bound = view.getFloat64(at, true);
    if (bound < Number.POSITIVE_INFINITY) bounds.push(bound);
  }
  return bounds;
}

function countOf(batch: Batch, point: number, bucket: number): number {
  return countAt(batch, (batch.index[point + histogramAt.countsFrom] as number) + bucket * size);
}

/** What is in the last bucket: all points of a histogram without buckets, and two counts where its last bound is +Inf. */
function restOf(batch: Batch, point: number, last: number): number {
  const { index } = batch;
  const from = index[point + histogramAt.countsFrom] as number;
  const to = index[point + histogramAt.countsTo] as number;
  if (from === to) return countAt(batch, index[point + histogramAt.count] as number);
  let rest = 0;
  for (let at = from + last * size; at < to; at += size) rest += countAt(batch, at);
  return rest;
}

/** 0 where the sender has none: then nothing reads the cell. */
function sumOf(batch: Batch, point: number): number {
  return doubleAt(batch, batch.index[point + histogramAt.sum] as number, 0);
}
