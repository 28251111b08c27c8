/** `SummaryDataPoint`: count, sum and some quantiles, which make the shape. */
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import { summaryAt } from '../../../formats/otlp/batch/batch-index.ts';
import { countAt, doubleAt, readQuantile } from '../../../formats/otlp/batch/batch-values.ts';
import { type Form, fit } from './form.ts';

/** The quantile at hand. */
const read = { quantile: 0, value: 0 };
/** Quantiles of the point at hand, ascending. */
const shares: number[] = [];
const values: number[] = [];

export const summaryForm: Form = Object.freeze<Form>({
  name: 'summary',
  accepts: () => true,
  dropped: 'not_a_count',
  first: () => 0,
  fit(batch, point, { layout }) {
    readQuantiles(batch, point);
    if (layout.form !== 'summary' || layout.quantiles.length !== shares.length) return fit.reset;
    for (let index = 0; index < shares.length; index++) if (shares[index] !== layout.quantiles[index]) return fit.reset;
    return fit.fits;
  },
  spec(batch, point) {
    readQuantiles(batch, point);
    return { key: `summary: ${shares.join(' ')}`, shape: { quantiles: [...shares] }, marks: new Uint8Array(0), exemplars: false };
  },
  write(batch, point, { layout }, cells, at) {
    if (layout.form !== 'summary') return;
    const { index } = batch;
    readQuantiles(batch, point);
    cells[at + layout.count] = countAt(batch, index[point + summaryAt.count] as number);
    cells[at + layout.sum] = doubleAt(batch, index[point + summaryAt.sum] as number, 0);
    for (let quantile = 0; quantile < values.length; quantile++)
      cells[at + layout.firstQuantile + quantile] = values[quantile] as number;
  },
  /** OTLP has no summaries of deltas. */
  add() {},
  print: () => 0,
  exemplars: () => 0,
});

function readQuantiles(batch: Batch, point: number): void {
  const to = batch.index[point + summaryAt.quantilesTo] as number;
  shares.length = 0;
  values.length = 0;
  for (let at = batch.index[point + summaryAt.quantilesFrom] as number; at < to; ) {
    at = readQuantile(batch, at, read);
    // Others are none: "Must be in the interval [0.0, 1.0]" (metrics.proto).
    if (read.quantile >= 0 && read.quantile <= 1) insert(read.quantile, read.value);
  }
}

/** Senders send them in order, nearly always. Of two values for one quantile the last stays. */
function insert(share: number, value: number): void {
  let offset = shares.length;
  while (offset > 0 && (shares[offset - 1] as number) >= share) offset--;
  if (shares[offset] === share) values[offset] = value;
  else if (offset === shares.length) {
    shares.push(share);
    values.push(value);
  } else {
    shares.splice(offset, 0, share);
    values.splice(offset, 0, value);
  }
}
