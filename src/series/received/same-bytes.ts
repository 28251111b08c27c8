/** Bytes against bytes, four at a time: a `DataView` reads them wherever they lie, and at the speed of an array. */

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Whether `length` bytes are the same. */
export function sameBytes(one: DataView, oneAt: number, other: DataView, otherAt: number, length: number): boolean {
  const words = length & ~3;
  for (let index = 0; index < words; index += 4) {
    if (one.getInt32(oneAt + index, true) !== other.getInt32(otherAt + index, true)) return false;
  }
  for (let index = words; index < length; index++) {
    if (one.getUint8(oneAt + index) !== other.getUint8(otherAt + index)) return false;
  }
  return true;
}
