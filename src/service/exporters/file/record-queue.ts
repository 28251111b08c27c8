/** Records that wait for the file, in their order, and as many of them at a time as one write takes. */
import type { Output } from './output.ts';

/** Records that are written in one go. */
const bytesAtOnce = 1_024 * 1_024;

/** A record. */
export interface Item {
  readonly bytes: Uint8Array;
  readonly points: number;
}

/** Records for one write, of which `at` bytes are written. */
export interface Group {
  readonly bytes: Uint8Array;
  readonly records: readonly { readonly end: number; readonly item: Item }[];
  /** Of what its records are in memory. */
  readonly held: number;
  at: number;
}

export interface RecordQueueGiven {
  /** What goes to the file for the bytes of a record; undefined: the bytes themselves. */
  readonly frame: ((bytes: Uint8Array) => Promise<Uint8Array>) | undefined;
  /** The record is larger than a file may be. */
  tooLarge(bytes: number, points: number): void;
}

export interface RecordQueue {
  add(item: Item): void;
  /** Those that are in no group. */
  readonly items: readonly Item[];
  /** Bytes of all that is not written: also of groups that were not settled. */
  readonly waiting: number;
  /** As many records as one write takes, in an output that is ready for them. They leave the queue. */
  nextGroup(): Promise<Group | undefined>;
  /** The group is in the file. */
  settle(group: Group): void;
}

export function createRecordQueue(output: Output, { frame, tooLarge }: RecordQueueGiven): RecordQueue {
  const items: Item[] = [];
  let waiting = 0;
  const framedOf = frame && framing(frame);

  function drop(at: number, bytes: number): void {
    for (const { bytes: held, points } of items.splice(at, 1)) {
      waiting -= held.length;
      tooLarge(bytes, points);
    }
  }

  /** What the next group is made of, as it goes to the file. */
  async function nextParts(): Promise<readonly Uint8Array[]> {
    const parts: Uint8Array[] = [];
    let length = 0;
    for (let item = items[0]; item !== undefined; item = items[parts.length]) {
      const bytes = framedOf === undefined ? item.bytes : await framedOf(item);
      if (bytes.length > output.most) {
        drop(parts.length, bytes.length);
        continue;
      }
      if (length > 0 && length + bytes.length > Math.min(bytesAtOnce, output.left())) break;
      if (length === 0 && bytes.length > output.left()) await output.prepare(bytes.length);
      length += bytes.length;
      parts.push(bytes);
    }
    return parts;
  }

  return Object.freeze({
    items,
    get waiting() {
      return waiting;
    },
    add(item: Item) {
      items.push(item);
      waiting += item.bytes.length;
    },
    async nextGroup() {
      const parts = await nextParts();
      const [only] = parts;
      if (only === undefined) return undefined;
      let end = 0;
      const records = items.splice(0, parts.length).map((item, at) => {
        end += (parts[at] as Uint8Array).length;
        return { end, item };
      });
      const held = records.reduce((sum, { item }) => sum + item.bytes.length, 0);
      return { bytes: parts.length === 1 ? only : Buffer.concat(parts, end), records, held, at: 0 };
    },
    settle({ held }: Group) {
      waiting -= held;
    },
  });
}

/** Keeps what it has framed last: it may have been too large for its group. */
function framing(frame: (bytes: Uint8Array) => Promise<Uint8Array>): (item: Item) => Promise<Uint8Array> {
  let last: { readonly item: Item; readonly framed: Uint8Array } | undefined;
  return async (item) => {
    if (last?.item !== item) last = { item, framed: await frame(item.bytes) };
    return last.framed;
  };
}
