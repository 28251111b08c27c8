/**
 * The value of a row as a point of OTLP, as exact as cells are. Times are not written: they are kept beside it, to the
 * nanosecond.
 */
import type { Pair } from '../../../core/naming/index.ts';
import { readExemplar } from '../../../core/store/cells/exemplar-cells.ts';
import { type ExponentialPoint, type ExponentialShape, readExponential } from '../../../core/store/cells/exponential-cells.ts';
import { exemplarAt } from '../../../core/store/cells/row-layout.ts';
import { attributeBytes } from '../../../formats/otlp/value/labels.ts';
import type { Exemplar, HistogramExtras, PointHeader } from '../../../formats/otlp/write/metrics-writer.ts';
import { writeExponentialHistogram } from '../../../formats/otlp/write/points/exponential-histogram.ts';
import { writeHistogram } from '../../../formats/otlp/write/points/histogram.ts';
import { writeNumber } from '../../../formats/otlp/write/points/number.ts';
import type { PointFields } from '../../../formats/otlp/write/points/point-fields.ts';
import { writeSummary } from '../../../formats/otlp/write/points/summary.ts';
import type { ReceivedMetric } from '../names/index.ts';
import type { Shape } from '../resources/groups.ts';

const boundBytes = 8;

/** @param at of the row's first cell @param values of its value, if they are not those of the row */
export function writeValue(fields: PointFields, header: PointHeader, shape: Shape, at: number, values?: Float64Array): void {
  const exemplars = shape.exemplars ? exemplarsOf(shape, at) : undefined;
  writeCells(fields, header, shape, values ?? shape.family.cells, values === undefined ? at : 0, exemplars);
}

/** @param at of the first one */
export function writeCells(
  fields: PointFields,
  header: PointHeader,
  shape: Pick<Shape, 'layout' | 'marks'>,
  cells: Float64Array,
  at: number,
  exemplars?: readonly Exemplar[],
): void {
  const { layout } = shape;
  const extras: HistogramExtras | undefined = exemplars && { exemplars };
  switch (layout.form) {
    case 'number':
      writeNumber(fields, header, cells[at] as number, exemplars);
      return;
    case 'histogram': {
      const { bounds, counts } = asSent(shape, cells, at);
      writeHistogram(fields, header, bounds, counts, 0, layout.hasSum ? cells[at + layout.sum] : undefined, extras);
      return;
    }
    case 'exponential':
      writeExponentialHistogram(fields, header, withSigns(readExponential(cells, at, layout.shape), layout.shape), extras);
      return;
    case 'summary': {
      const quantiles = layout.quantiles.map((quantile, index) => ({
        quantile,
        value: cells[at + layout.firstQuantile + index] as number,
      }));
      writeSummary(fields, header, cells[at + layout.count] as number, cells[at + layout.sum] as number, quantiles);
    }
  }
}

const noBuckets = Object.freeze({ offset: 0, counts: [] });
const noneCounted = new Float64Array(1);

/** A point of the type, for a stream whose series has no row. */
export function writeNothing(fields: PointFields, header: PointHeader, type: ReceivedMetric['type'] | undefined): void {
  if (type === 'histogram') writeHistogram(fields, header, [], noneCounted, 0, 0, undefined);
  else if (type === 'exponentialHistogram')
    writeExponentialHistogram(
      fields,
      header,
      { count: 0, scale: 0, zeroCount: 0, positive: noBuckets, negative: noBuckets },
      undefined,
    );
  else if (type === 'summary') writeSummary(fields, header, 0, 0);
  else writeNumber(fields, header, 0);
}

const oneEmpty = Object.freeze({ offset: 0, counts: [0] });

/** An empty bucket says that there is a range, so that the row gets space for both. */
function withSigns(point: ExponentialPoint, shape: ExponentialShape): ExponentialPoint {
  return shape.negative === true && point.negative.counts.length === 0 ? { ...point, negative: oneEmpty } : point;
}

/** The bounds by which the sender's next point is known, +Inf among them where it sends that. */
function asSent(
  { layout, marks }: Pick<Shape, 'layout' | 'marks'>,
  cells: Float64Array,
  at: number,
): { bounds: Float64Array; counts: Float64Array } {
  const bounds = new Float64Array(marks.byteLength / boundBytes);
  for (let index = 0; index < bounds.length; index++) bounds[index] = marks.getFloat64(index * boundBytes, true);
  const counts = new Float64Array(bounds.length + 1);
  if (layout.form === 'histogram') counts.set(cells.subarray(at, at + layout.buckets));
  return { bounds, counts };
}

/** A label is an attribute whose label it is. */
function exemplarsOf({ layout, family }: Shape, at: number): readonly Exemplar[] {
  const found: Exemplar[] = [];
  for (let index = 0; index < layout.exemplars; index++) {
    const exemplar = readExemplar(family.cells, at + exemplarAt(layout, index));
    if (exemplar === undefined) continue;
    const { labels, ...rest } = exemplar;
    found.push(labels === undefined ? rest : { ...rest, filteredAttributes: attributesOf(labels) });
  }
  return found;
}

function attributesOf(labels: readonly Pair[]): Uint8Array {
  return attributeBytes({ names: labels.map(([name]) => name), values: labels.map(([, value]) => value) });
}
