/**
 * `ExponentialHistogramDataPoint`. Text formats show its count and sum; its buckets are kept, at a scale at which they fit, for
 * formats that show them.
 */
import { exponentialCell } from '../../../core/store/cells/exponential-cells.ts';
import { mergeExponential } from '../../../core/store/cells/exponential-record.ts';
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import { exponentialAt } from '../../../formats/otlp/batch/batch-index.ts';
import { countAt, doubleAt } from '../../../formats/otlp/batch/batch-values.ts';
import { varint, wire } from '../../../formats/otlp/wire/varint.ts';
import type { Shape, ShapeSpec } from '../resources/groups.ts';
import { exemplarRoom, hasRoom, keepExemplars, noExemplars, roomBeside } from './exemplars.ts';
import { type Form, fit } from './form.ts';
import { endPrint, mixed, mixedField, newPrint } from './value-print.ts';

/** Buckets of a range at most: the default of SDKs (Metrics SDK, "Base2 Exponential Bucket Histogram Aggregation", MaxSize). */
const maxSize = 160;
const maxScale = 20;
const half = 2 ** 32;
const ranges = [exponentialAt.positiveOffset, exponentialAt.negativeOffset] as const;
const noMarks = new Uint8Array(0);
const specs = { positive: specOf('exponential', false), both: specOf('exponential, both signs', true) };

/** Between these binary exponents are all doubles; at scale `s` a bucket's index is an exponent times 2 to the power of `s`. */
const exponents = { least: -1_075, most: 1_024 };
/**
 * The scale at which all doubles are in two buckets. Below, and above `maxScale`, shifts would be of more bits than an index has.
 */
const minScale = -10;

/** Of the point at hand. */
const range = { positive: { offset: 0, counts: [] as number[] }, negative: { offset: 0, counts: [] as number[] } };
const read = { count: 0, sum: 0, scale: 0, zeroCount: 0, zeroThreshold: 0, ...range };
let blank = new Float64Array(0);

export const exponentialForm: Form = Object.freeze<Form>({
  name: 'exponential',
  /** A native histogram has a sum, and Prometheus takes NaN there for observations of NaN: a point without one is dropped. */
  accepts: ({ index }, point) => index[point + exponentialAt.sum] !== 0,
  dropped: 'no_sum',
  first: () => 0,
  fit(batch, point, shape) {
    const { layout, group } = shape;
    if (layout.form !== 'exponential') return fit.reset;
    if (isNegative(batch, point) && layout.shape.negative !== true) return fit.widen;
    return hasRoom(shape, exemplarRoom(batch, point, group)) ? fit.fits : fit.widen;
  },
  spec(batch, point, group, present) {
    const negative =
      isNegative(batch, point) || (present?.layout.form === 'exponential' && present.layout.shape.negative === true);
    return withExemplars(specs[negative ? 'both' : 'positive'], roomBeside(present, exemplarRoom(batch, point, group)));
  },
  write(batch, point, shape, cells, at) {
    const { cells: count } = shape.layout;
    if (blank.length < count) blank = new Float64Array(count);
    // Beside the row, so that a reader in another thread never sees one that counts less than before.
    blank.fill(0);
    blank[exponentialCell.scale] = maxScale;
    merge(batch, point, shape, blank, 0);
    cells.set(blank.length === shape.layout.summedCells ? blank : blank.subarray(0, shape.layout.summedCells), at);
  },
  add: merge,
  print({ bytes, view, index }, point) {
    let print = mixedField(newPrint(), view, index[point + exponentialAt.count] as number);
    print = mixedField(print, view, index[point + exponentialAt.sum] as number);
    print = mixedField(print, view, index[point + exponentialAt.zeroCount] as number);
    print = mixed(print, index[point + exponentialAt.scale] as number);
    for (const range of ranges) {
      print = mixed(print, index[point + range] as number);
      for (let at = index[point + range + 1] as number; at < (index[point + range + 2] as number); at++)
        print = mixed(print, bytes[at] as number);
    }
    return endPrint(print);
  },
  exemplars: keepExemplars,
});

function specOf(key: string, negative: boolean): ShapeSpec {
  return Object.freeze({ key, shape: { exponential: { maxSize, maxScale, negative } }, marks: noMarks, exemplars: false });
}

function withExemplars(spec: ShapeSpec, room: number): ShapeSpec {
  if (room === noExemplars) return spec;
  return { ...spec, key: `${spec.key}, exemplars ${room}`, shape: { ...spec.shape, exemplarText: room }, exemplars: true };
}

function merge(batch: Batch, point: number, { layout }: Shape, cells: Float64Array, at: number): void {
  if (layout.form !== 'exponential') return;
  const { index } = batch;
  read.count = countAt(batch, index[point + exponentialAt.count] as number);
  read.sum = doubleAt(batch, index[point + exponentialAt.sum] as number, 0);
  read.scale = index[point + exponentialAt.scale] as number;
  read.zeroCount = countAt(batch, index[point + exponentialAt.zeroCount] as number);
  const threshold = doubleAt(batch, index[point + exponentialAt.zeroThreshold] as number, 0);
  read.zeroThreshold = threshold > 0 && Number.isFinite(threshold) ? threshold : 0;
  readRange(batch, point + exponentialAt.positiveOffset, read.scale, range.positive);
  readRange(batch, point + exponentialAt.negativeOffset, read.scale, range.negative);
  mergeExponential(cells, at, layout.shape, read);
}

/**
 * Empty buckets at both ends are left out: they would cost the scale. Buckets where no double can be are not kept, and so none of
 * that range.
 */
function readRange({ bytes, index }: Batch, offset: number, scale: number, into: { offset: number; counts: number[] }): void {
  const to = index[offset + 2] as number;
  let leading = 0;
  into.counts.length = 0;
  for (let at = index[offset + 1] as number; at < to; ) {
    at = varint(bytes, at, to);
    const count = wire.low + wire.high * half;
    if (count === 0 && into.counts.length === 0) leading++;
    else into.counts.push(count);
  }
  while (into.counts.at(-1) === 0) into.counts.pop();
  into.offset = (index[offset] as number) + leading;
  if (!isOfDoubles(scale, into.offset, into.offset + into.counts.length - 1)) into.counts.length = 0;
}

function isOfDoubles(scale: number, first: number, last: number): boolean {
  const factor = 2 ** scale;
  return (
    scale >= minScale &&
    scale <= maxScale &&
    first >= Math.floor(exponents.least * factor) &&
    last <= Math.ceil(exponents.most * factor)
  );
}

function isNegative({ index }: Batch, point: number): boolean {
  return index[point + exponentialAt.negativeFrom] !== index[point + exponentialAt.negativeTo];
}
