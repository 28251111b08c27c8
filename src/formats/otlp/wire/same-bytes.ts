/** Bytes against bytes, four and more at a time: a `DataView` reads them wherever they lie, and at the speed of an array. */

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Whether `length` bytes are the same. Sixteen at a time, and a branch for each sixteen. */
export function sameBytes(one: DataView, oneAt: number, other: DataView, otherAt: number, length: number): boolean {
  let index = 0;
  for (const last = length - 16; index <= last; index += 16) {
    const a = oneAt + index;
    const b = otherAt + index;
    const differs =
      (one.getInt32(a, true) ^ other.getInt32(b, true)) |
      (one.getInt32(a + 4, true) ^ other.getInt32(b + 4, true)) |
      (one.getInt32(a + 8, true) ^ other.getInt32(b + 8, true)) |
      (one.getInt32(a + 12, true) ^ other.getInt32(b + 12, true));
    if (differs !== 0) return false;
  }
  for (const last = length - 4; index <= last; index += 4)
    if (one.getInt32(oneAt + index, true) !== other.getInt32(otherAt + index, true)) return false;
  for (; index < length; index++) if (one.getUint8(oneAt + index) !== other.getUint8(otherAt + index)) return false;
  return true;
}
