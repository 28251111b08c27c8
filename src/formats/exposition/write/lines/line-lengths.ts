/** How long the lines of a family's rows are but for their labels and numbers. */
import type { SeriesNames } from '../../../../core/naming/index.ts';
import type { FamilySpec } from '../../../../core/store/index.ts';
import type { TextFormat } from '../../format.ts';
import { type LineShape, lineShapes, lineStart } from './line-shape.ts';

/** Bytes of all lines of a row. */
export interface LineLengths {
  /** Lines. */
  readonly count: number;
  /** Of the first lines together, which every row has: a histogram's buckets. */
  readonly first: { readonly count: number } & LineLength;
  /** Of each of the others, which rows may lack. */
  readonly others: readonly LineLength[];
}

interface LineLength {
  readonly labelled: number;
  /** Of a row without labels. */
  readonly bare: number;
}

/** Of rows that all of whose lines may be missing. */
export const noLines = { count: 0, labelled: 0, bare: 0 };

/** Bounds whose texts are made: of more, every so many represent the others. */
const mostBounds = 64;

export function lineLengths(spec: FamilySpec, names: SeriesNames, format: TextFormat, created: boolean): LineLengths {
  const { bounds = [] } = spec;
  const buckets = spec.kind === 'summary' ? 0 : bounds.length + 1;
  const of = (kept: readonly number[]) => lengthsOf(lineShapes({ ...spec, bounds: kept }, names, format, created));
  if (bounds.length <= mostBounds) return inTwo(lengthsOf(lineShapes(spec, names, format, created)), buckets);
  const sample = bounds.filter((_, at) => at % Math.ceil(bounds.length / mostBounds) === 0);
  const some = inTwo(of(sample), sample.length + 1);
  const none = inTwo(of([]), 1);
  const share = bounds.length / sample.length;
  const whole = (most: number, least: number) => least + Math.round((most - least) * share);
  const first = {
    count: buckets,
    labelled: whole(some.first.labelled, none.first.labelled),
    bare: whole(some.first.bare, none.first.bare),
  };
  return { count: none.count + bounds.length, first, others: none.others };
}

/** `buckets`: how many lines of a histogram are such. Other rows have none. */
function inTwo(lengths: readonly LineLength[], buckets: number): LineLengths {
  const count = lengths.length <= 1 ? 0 : Math.min(buckets, lengths.length);
  const sum = (of: keyof LineLength) => lengths.slice(0, count).reduce((total, length) => total + length[of], 0);
  return { count: lengths.length, first: { count, labelled: sum('labelled'), bare: sum('bare') }, others: lengths.slice(count) };
}

function lengthsOf(shapes: readonly LineShape[]): readonly LineLength[] {
  let lastName: string | undefined;
  let [labelledHead, bareHead] = [0, 0];
  return shapes.map((shape) => {
    const { name, label } = shape;
    if (name !== lastName) {
      lastName = name;
      labelledHead = Buffer.byteLength(lineStart(shape, true));
      bareHead = Buffer.byteLength(lineStart(shape, label !== undefined));
    }
    const tail = label === undefined ? 1 : Buffer.byteLength(label) + '} '.length;
    return { labelled: labelledHead + tail + 1, bare: bareHead + tail };
  });
}
