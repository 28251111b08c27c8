/** Text of JSON that stands between numbers, as bytes that are copied by words, and the numbers. */
import { numberBytes, writeNumber } from '../../../../core/numbers/write-number.ts';
import { type ByteBuffer, copyBytes, slack } from '../bytes/byte-buffer.ts';

const quote = 0x22;

/** A number and two quotes. */
export const mostNumber = numberBytes + 2;

export interface Piece {
  readonly view: DataView;
  readonly length: number;
}

export function piece(text: string): Piece {
  const encoded = new TextEncoder().encode(text);
  const bytes = new Uint8Array(encoded.length + slack);
  bytes.set(encoded);
  return { view: new DataView(bytes.buffer), length: encoded.length };
}

/** There is room for it. */
export function put(out: ByteBuffer, { view, length }: Piece): void {
  out.length = copyBytes(view, 0, length, out.view, out.length);
}

/** There is room for it. What JSON has no number for is a string, as the text formats write it: `"NaN"`, `"+Inf"`, `"-Inf"`. */
export function putNumber(out: ByteBuffer, value: number): void {
  const { bytes } = out;
  if (Number.isFinite(value)) {
    out.length = writeNumber(bytes, out.length, value);
    return;
  }
  bytes[out.length] = quote;
  const end = writeNumber(bytes, out.length + 1, value);
  bytes[end] = quote;
  out.length = end + 1;
}
