/** What a file holds, by its first and last bytes. */
import type { PageFormat } from './protocol.ts';

/** As many first bytes as `detect` wants, and last ones. */
export const headBytes = 64 * 1024;
export const tailBytes = 1024;

export type Detected = PageFormat | 'lines';

/** @param tail of the whole file, which may overlap `head` */
export function detect(head: Uint8Array, tail: Uint8Array): Detected {
  if (isProtobuf(head)) return 'protobuf';
  const text = Buffer.from(head.buffer, head.byteOffset, head.length).toString('utf8');
  // A sample may begin with a brace, too: `{"http.requests"} 1`.
  if (/^\ufeff?\s*\{\s*(?:"(?:[^"\\]|\\.)*"\s*:|\}\s*(?:$|[\r\n{]))/.test(text)) return 'lines';
  const end = Buffer.from(tail.buffer, tail.byteOffset, tail.length).toString('utf8');
  if (/(?:^|\n)# EOF\s*$/.test(end)) return 'openmetrics';
  return /(?:^|\n)# UNIT /.test(text) ? 'openmetrics' : 'text';
}

export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/** A length, the tag of field 1 (the family's name), its length, and a character that may begin a name. */
function isProtobuf(head: Uint8Array): boolean {
  let at = 0;
  let length = 0;
  for (let power = 1; ; power *= 128) {
    const byte = head[at++];
    if (byte === undefined || at > 5) return false;
    length += (byte & 127) * power;
    if (byte < 128) break;
  }
  const name = head[at + 1] ?? 0;
  const first = head[at + 2] ?? 0;
  return head[at] === 0x0a && name > 0 && length >= 2 + (name & 127) && first > 0x20;
}
