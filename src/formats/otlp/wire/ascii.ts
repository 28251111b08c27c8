/** Whether a part of bytes is ASCII: sixteen bytes at a time, and without a branch for each. */
export function isAscii(bytes: Uint8Array, view: DataView, from: number, to: number): boolean {
  let bits = 0;
  let at = from;
  for (const last = to - 16; at <= last; at += 16)
    bits |= view.getInt32(at, true) | view.getInt32(at + 4, true) | view.getInt32(at + 8, true) | view.getInt32(at + 12, true);
  for (const last = to - 4; at <= last; at += 4) bits |= view.getInt32(at, true);
  for (; at < to; at++) bits |= bytes[at] as number;
  return (bits & 0x80808080) === 0;
}
