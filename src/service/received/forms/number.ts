/** `NumberDataPoint`: of gauges and sums. */
import { numberAt } from '../../../formats/otlp/batch/batch-index.ts';
import { numberOf } from '../../../formats/otlp/batch/batch-values.ts';
import type { ShapeSpec } from '../resources/groups.ts';
import { exemplarRoom, hasRoom, keepExemplars, noExemplars, roomBeside } from './exemplars.ts';
import { type Form, fit } from './form.ts';
import { endPrint, mixedField, newPrint } from './value-print.ts';

const plain = Object.freeze({ key: 'number', shape: {}, marks: new Uint8Array(0), exemplars: false });
/** By the room for its exemplar's labels. */
const withExemplar = new Map<number, ShapeSpec>();

export const numberForm: Form = Object.freeze<Form>({
  name: 'number',
  /** OpenMetrics, "Counter": "MUST be ... non-NaN, non-negative". */
  accepts: (batch, point, { counts }) => !counts || numberOf(batch, point) >= 0,
  dropped: 'not_a_count',
  fit(batch, point, shape) {
    if (shape.layout.form !== 'number') return fit.reset;
    return hasRoom(shape, exemplarRoom(batch, point, shape.group)) ? fit.fits : fit.widen;
  },
  spec: (batch, point, group, present) => specOf(roomBeside(present, exemplarRoom(batch, point, group))),
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

function specOf(room: number): ShapeSpec {
  if (room === noExemplars) return plain;
  const known = withExemplar.get(room);
  if (known !== undefined) return known;
  const spec = Object.freeze({ ...plain, key: `number, exemplar ${room}`, shape: { exemplarText: room }, exemplars: true });
  withExemplar.set(room, spec);
  return spec;
}
