/** Goes over a row's labels as bytes: no string is made of a value. */

import { type FamilyView, lengthAt, type Row, readShape, shapeOf, valuesAt, valuesEnd } from '../../core/store/index.ts';
import { hashBytes } from '../../core/tables/keyed-hash.ts';

/** Called for each label, with a hash of its value. */
export type EachLabel = (name: string, hash: number) => void;

/** For one family after the other. */
export function createLabelReader(): (family: FamilyView, row: Row, each: EachLabel) => void {
  let bytes: Uint8Array | undefined;
  let view: DataView = new DataView(new ArrayBuffer(0));
  let shapes = new Map<number, readonly string[]>();

  function namesOf(family: FamilyView, at: number): readonly string[] {
    if (at >= 0) return family.spec.labels;
    const shape = shapeOf(family.labelBytes, at);
    const known = shapes.get(shape);
    if (known !== undefined) return known;
    const { names } = readShape(family.labelBytes, shape);
    shapes.set(shape, names);
    return names;
  }

  return (family, row, each) => {
    if (family.labelBytes !== bytes) {
      bytes = family.labelBytes;
      view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      shapes = new Map();
    }
    const at = family.labelsAt(row);
    let from = valuesAt(at);
    for (const name of namesOf(family, at)) {
      const end = valuesEnd(bytes, from, 1);
      each(name, hashBytes(view, end - lengthAt(bytes, from), end));
      from = end;
    }
  };
}
