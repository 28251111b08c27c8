/** How long the lines of a family's rows are but for their labels and numbers. */
import type { SeriesNames } from '../../../naming/index.ts';
import type { FamilySpec } from '../../../store/index.ts';
import type { TextFormat } from '../../format.ts';
import { type LineShape, lineShapes, lineStart } from './line-shape.ts';

/** Bytes of all lines of a row. */
export interface LineLengths {
  /** Lines. */
  readonly count: number;
  readonly labelled: number;
  /** Of a row without labels. */
  readonly bare: number;
  /** Of its last line alone, which rows without a start do not have. */
  readonly last: { readonly labelled: number; readonly bare: number };
}

/** Bounds whose texts are made: of more, every so many represent the others. */
const mostBounds = 64;

export function lineLengths(spec: FamilySpec, names: SeriesNames, format: TextFormat, created: boolean): LineLengths {
  const { bounds = [] } = spec;
  if (bounds.length <= mostBounds) return lengthsOf(lineShapes(spec, names, format, created));
  const sample = bounds.filter((_, at) => at % Math.ceil(bounds.length / mostBounds) === 0);
  const [some, none] = [sample, []].map((kept) => lengthsOf(lineShapes({ ...spec, bounds: kept }, names, format, created))) as [
    LineLengths,
    LineLengths,
  ];
  const share = bounds.length / sample.length;
  const whole = (most: number, least: number) => least + Math.round((most - least) * share);
  return {
    count: none.count + bounds.length,
    labelled: whole(some.labelled, none.labelled),
    bare: whole(some.bare, none.bare),
    last: none.last,
  };
}

function lengthsOf(shapes: readonly LineShape[]): LineLengths {
  let [labelled, bare] = [0, 0];
  let lastName: string | undefined;
  let last = { labelled: 0, bare: 0 };
  let [labelledHead, bareHead] = [0, 0];
  for (const { name, label } of shapes) {
    if (name !== lastName) {
      lastName = name;
      labelledHead = Buffer.byteLength(lineStart(name, true));
      bareHead = Buffer.byteLength(lineStart(name, label !== undefined));
    }
    const tail = label === undefined ? 1 : Buffer.byteLength(label) + '} '.length;
    last = { labelled: labelledHead + tail + 1, bare: bareHead + tail };
    labelled += last.labelled;
    bare += last.bare;
  }
  return { count: shapes.length, labelled, bare, last };
}
