/** `NumberDataPoint`: of gauges and sums. */
import type { Batch } from '../../otlp/batch/batch.ts';
import { numberAt } from '../../otlp/batch/batch-index.ts';
import { numberOf } from '../../otlp/batch/batch-values.ts';
import { keepExemplars } from './exemplars.ts';
import { type Form, fit } from './form.ts';
import { endPrint, mixedField, newPrint } from './value-print.ts';

const plain = Object.freeze({ key: 'number', shape: {}, marks: new Uint8Array(0), exemplars: false });
const withExemplar = Object.freeze({ ...plain, key: 'number, exemplar', exemplars: true });

export const numberForm: Form = Object.freeze<Form>({
  name: 'number',
  /** OpenMetrics, "Counter": "MUST be ... non-NaN, non-negative". */
  accepts: (batch, point, { counts }) => !counts || numberOf(batch, point) >= 0,
  dropped: 'not_a_count',
  fit(batch, point, { layout, exemplars, group }) {
    if (layout.form !== 'number') return fit.reset;
    return !exemplars && shows(batch, point, group.counts && group.keepsExemplars) ? fit.widen : fit.fits;
  },
  spec: (batch, point, { counts, keepsExemplars }, present) =>
    present?.exemplars === true || shows(batch, point, counts && keepsExemplars) ? withExemplar : plain,
  first: numberOf,
  write(batch, point, _shape, cells, at) {
    cells[at] = numberOf(batch, point);
  },
  add(batch, point, _shape, cells, at) {
    (cells[at] as number) += numberOf(batch, point);
  },
  print: ({ view, index }, point) => endPrint(mixedField(newPrint(), view, index[point + numberAt.value] as number)),
  exemplars: keepExemplars,
});

function shows({ index }: Batch, point: number, kept: boolean): boolean {
  return kept && index[point + numberAt.exemplarsFrom] !== 0;
}
