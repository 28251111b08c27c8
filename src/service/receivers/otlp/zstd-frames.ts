/**
 * RFC 8878, section 3.1: where the frames of a zstd body end. Node.js 22 decompresses a body that was cut off without a word, to
 * less than it was.
 */

const frameMagic = 0xfd2f_b528;
const skippableMagic = 0x184d_2a50;
/** The sizes of a frame header's fields, by the flags of its descriptor. */
const dictionaryBytes = [0, 1, 2, 4] as const;
const contentSizeBytes = [0, 2, 4, 8] as const;
const checksumBytes = 4;
const blockHeaderBytes = 3;
const runLength = 1;

/**
 * Whether all frames are there to their ends. What is no frame is left to zstd itself to reject. Linear time: it reads the
 * headers of blocks alone.
 */
export function isWholeZstd(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length === 0) return false;
  let at = 0;
  while (at + 4 <= bytes.length) {
    const magic = view.getUint32(at, true);
    if ((magic & 0xffff_fff0) === skippableMagic)
      at = at + 8 <= bytes.length ? at + 8 + view.getUint32(at + 4, true) : bytes.length + 1;
    else if (magic === frameMagic) at = endOfFrame(view, at + 4);
    else return true;
  }
  return at === bytes.length;
}

/** Beyond the end of the bytes if the frame is cut off. `at`: its descriptor. */
function endOfFrame(view: DataView, at: number): number {
  const cutOff = view.byteLength + 1;
  if (at >= view.byteLength) return cutOff;
  const descriptor = view.getUint8(at);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const sizeFlag = descriptor >> 6;
  const contentSize = sizeFlag === 0 && isSingleSegment ? 1 : (contentSizeBytes[sizeFlag] ?? 0);
  let next = at + 1 + (isSingleSegment ? 0 : 1) + (dictionaryBytes[descriptor & 3] ?? 0) + contentSize;
  for (let isLast = false; !isLast; ) {
    if (next + blockHeaderBytes > view.byteLength) return cutOff;
    const header = view.getUint8(next) | (view.getUint16(next + 1, true) << 8);
    isLast = (header & 1) === 1;
    next += blockHeaderBytes + (((header >> 1) & 3) === runLength ? 1 : header >> 3);
  }
  return next + ((descriptor & 4) === 0 ? 0 : checksumBytes);
}
