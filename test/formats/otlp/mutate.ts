/** Bytes changed, cut off, doubled and left out. */
import type { Random } from '../../conformance/random.ts';

/** Bytes that mean something: ends of varints, tags, JSON's marks. */
const telling = [0, 1, 8, 10, 18, 0x7f, 0x80, 0xff, ...Buffer.from('{}[]",:\\0-.eEtn ')];

export function mutate(original: Uint8Array, { between }: Random): Uint8Array {
  const below = (count: number) => between(0, count - 1);
  let bytes = Buffer.from(original);
  for (let count = 1 + below(3); count > 0 && bytes.length > 0; count--) {
    const at = below(bytes.length);
    const to = Math.min(bytes.length, at + 1 + below(12));
    const how = below(6);
    if (how === 0) bytes[at] = below(256);
    else if (how === 1) bytes[at] = telling[below(telling.length)] as number;
    else if (how === 2) bytes = bytes.subarray(0, at);
    else if (how === 3) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]);
    else if (how === 4) bytes = Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)]);
    else bytes[at] = (bytes[at] as number) ^ (1 << below(8));
  }
  return bytes;
}
