/** Whether bytes are UTF-8 as the Unicode standard has it (table 3-7): no surrogates, nothing beyond U+10FFFF, no form longer than needed. */
export function isUtf8(bytes: Uint8Array, from: number, to: number): boolean {
  let at = from;
  while (at < to) {
    const lead = bytes[at++] as number;
    if (lead < 0x80) continue;
    const more = lead < 0xc2 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : 0;
    if (more === 0 || at + more > to) return false;
    const second = bytes[at] as number;
    if (second < secondFrom(lead) || second > secondTo(lead)) return false;
    for (let index = 1; index < more; index++) if (((bytes[at + index] as number) & 0xc0) !== 0x80) return false;
    at += more;
  }
  return true;
}

function secondFrom(lead: number): number {
  return lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
}

function secondTo(lead: number): number {
  return lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
}

/** Sixteen bytes at a time, and without a branch for each. */
export function isAscii(bytes: Uint8Array, view: DataView, from: number, to: number): boolean {
  let bits = 0;
  let at = from;
  for (const last = to - 16; at <= last; at += 16)
    bits |= view.getInt32(at, true) | view.getInt32(at + 4, true) | view.getInt32(at + 8, true) | view.getInt32(at + 12, true);
  for (const last = to - 4; at <= last; at += 4) bits |= view.getInt32(at, true);
  for (; at < to; at++) bits |= bytes[at] as number;
  return (bits & 0x80808080) === 0;
}
