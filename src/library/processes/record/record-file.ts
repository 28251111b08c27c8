/**
 * A process's record in its file. Its head is written with the file, which replaces the one before as a whole. Its values are
 * written in place, in turns to two areas, each between a number that grows and a checksum: of a write that was cut off, the area
 * before it is left, and of a file that is damaged none.
 */
import { closeSync, fstatSync, lstatSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
// As a whole: Node.js 18 has no `crc32`, and is to get to the sentence that refuses it.
import zlib from 'node:zlib';
import {
  bytesOf,
  decodeHead,
  format,
  mostRecordBytes,
  numberBytes,
  numbersOf,
  type ProcessRecord,
  whyNoRecord,
} from './record.ts';

export interface RecordFile {
  /** Throws the error of the file system, and where it is larger than others read. The same head is the same object. */
  write(head: Buffer, values: Float64Array): void;
  close(): void;
}

const areas = 2;
/** Behind the head's length, in the first number. */
const formatAt = 4;
/** The number and the checksum at the ends of an area. */
const endCells = 2;

interface Open {
  readonly file: number;
  readonly inode: number;
  readonly head: Buffer;
  /** The checksum of what is ahead of the areas. */
  readonly begun: number;
  /** An area, as it was last written. */
  readonly area: Float64Array;
}

/** `path` is written next to itself first, as `unfinished`. */
export function createRecordFile(path: string, unfinished: string): RecordFile {
  let open: Open | undefined;

  function close(): void {
    if (open !== undefined) closeSync(open.file);
    open = undefined;
  }

  function replace(head: Buffer, values: Float64Array): void {
    close();
    const size = numberBytes + head.length + areas * (values.length + endCells) * numberBytes;
    if (size > mostRecordBytes) throw new Error(`the record has ${size} bytes, more than ${mostRecordBytes}`);
    const beginning = Buffer.alloc(numberBytes);
    beginning.writeUInt32LE(head.length);
    beginning.writeUInt32LE(format, formatAt);
    const begun = zlib.crc32(head, zlib.crc32(beginning));
    const area = new Float64Array(values.length + endCells);
    fill(area, 1, values, begun);
    // What is at this path is not opened, whatever it is.
    rmSync(unfinished, { force: true });
    const file = openSync(unfinished, 'wx', 0o600);
    try {
      // At 1, the first number, comes the second area.
      writeFileSync(file, Buffer.concat([beginning, head, Buffer.alloc(area.byteLength), bytesOf(area)]));
      renameSync(unfinished, path);
    } catch (error) {
      closeSync(file);
      throw error;
    }
    open = { file, inode: fstatSync(file).ino, head, begun, area };
  }

  function update({ file, head, begun, area }: Open, values: Float64Array): void {
    if (bytesOf(area.subarray(1, -1)).equals(bytesOf(values))) return;
    const turn = (area[0] as number) + 1;
    fill(area, turn, values, begun);
    const at = numberBytes + head.length + (turn % areas) * area.byteLength;
    if (writeSync(file, area, 0, area.byteLength, at) !== area.byteLength) throw new Error('only a part was written');
  }

  return Object.freeze<RecordFile>({
    write(head, values) {
      // Nothing reads a file that was removed.
      if (open !== undefined && lstatSync(path, { throwIfNoEntry: false })?.ino !== open.inode) close();
      if (open?.head === head && open.area.length === values.length + endCells) update(open, values);
      else replace(head, values);
    },
    close,
  });
}

function fill(area: Float64Array, turn: number, values: Float64Array, begun: number): void {
  area[0] = turn;
  area.set(values, 1);
  area[area.length - 1] = checkOf(area, begun);
}

/** Of what is ahead of the areas, too: the values stand for its series. */
function checkOf(area: Float64Array, begun: number): number {
  return zlib.crc32(bytesOf(area.subarray(0, -1)), begun);
}

/** Undefined: it may be a record. */
export function whyNoRecordFile(beginning: Buffer): string | undefined {
  return beginning.length < numberBytes ? 'it is no record' : whyNoRecord(beginning.readUInt32LE(formatAt));
}

/** Undefined: these bytes are no record. */
export function decodeRecordFile(bytes: Buffer): ProcessRecord | undefined {
  if (whyNoRecordFile(bytes) !== undefined) return undefined;
  const areasAt = numberBytes + bytes.readUInt32LE(0);
  const head = areasAt > bytes.length ? undefined : decodeHead(bytes.subarray(numberBytes, areasAt));
  if (head === undefined) return undefined;
  const cells = numbersOf(bytes.subarray(areasAt));
  const length = cells.length / areas;
  const begun = zlib.crc32(bytes.subarray(0, areasAt));
  const whole = [cells.subarray(0, length), cells.subarray(length)].filter(
    (area) => area.length >= endCells && (area[0] as number) > 0 && area.at(-1) === checkOf(area, begun),
  );
  const newest = whole.sort((a, b) => (b[0] as number) - (a[0] as number))[0];
  return newest === undefined ? undefined : { head, own: { schema: head.schema, values: newest.subarray(1, -1) } };
}
