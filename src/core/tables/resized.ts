/** Columns that readers keep for rows: arrays of numbers that grow with the rows, and shrink. */

type Column = Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

/** A column of another length with the same numbers, as far as they fit; 0 after them. */
export function resized<A extends Column>(column: A, length: number): A {
  const Same = column.constructor as new (length: number) => A;
  const next = new Same(length);
  next.set(column.length > length ? column.subarray(0, length) : column);
  return next;
}
