/** The payloads of the records in which series are kept. The page "Storage format" of the documentation has them. */
import type { StatePart } from '../received/index.ts';
import { stateTimes, stateWords } from '../received/kept/state-part.ts';
import { UnknownVersion } from '../storage/log/errors.ts';
import type { Stamp } from './kept-time.ts';

/** Of a payload. */
const version = 1;
const kinds = { batch: 1, sweep: 2, part: 3, end: 4 } as const;
/** Kind, version, two bytes of zeros, the machine's start, three times, the number. */
const headBytes = 40;
/** Of a part, behind the head: the last batch in it, the snapshot, points, and the length of its names. */
const partBytes = 24;

export type KeptRecord =
  /** A request that was accepted. */
  | { readonly kind: 'batch'; readonly stamp: Stamp; readonly number: number; readonly request: Uint8Array }
  /** Series that had expired by then have left. */
  | { readonly kind: 'sweep'; readonly stamp: Stamp; readonly number: number }
  /** Of the snapshot that begins behind what has the number `since`; it has what came up to `upTo`. */
  | { readonly kind: 'part'; readonly stamp: Stamp; readonly since: number; readonly upTo: number; readonly part: StatePart }
  | { readonly kind: 'end'; readonly stamp: Stamp; readonly end: SnapshotEnd };

/** What a snapshot is, once it is whole. */
export interface SnapshotEnd {
  readonly since: number;
  /** Nothing that is in it has a later number. */
  readonly last: number;
  readonly parts: number;
  /** The settings that decide what series are called. */
  readonly names: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const wordBytes = 4;
const doubleBytes = 8;

/**
 * What is taken has numbers of its own: those of records begin anew once all files of a log are gone. The request is at the end,
 * from `requestAt` on.
 */
export function writeBatchHead(payload: Uint8Array, stamp: Stamp, number: number): void {
  writeHead(payload, kinds.batch, stamp, number);
}

export const requestAt = headBytes;

/** For the head of a batch whose request is elsewhere. */
export const newBatchHead = () => new Uint8Array(headBytes);

export function sweepRecord(stamp: Stamp, number: number): Uint8Array {
  return headed(kinds.sweep, stamp, number, 0);
}

export function endRecord(stamp: Stamp, end: SnapshotEnd): Uint8Array {
  const text = encoder.encode(JSON.stringify(end));
  const bytes = headed(kinds.end, stamp, 0, text.length);
  bytes.set(text, headBytes);
  return bytes;
}

export function partRecord(
  stamp: Stamp,
  since: number,
  upTo: number,
  { request, points, times, words, names }: StatePart,
): Uint8Array {
  const text = encoder.encode(JSON.stringify(names));
  const bytes = headed(kinds.part, stamp, 0, partBytes + times.byteLength + words.byteLength + text.length + request.length);
  const view = new DataView(bytes.buffer);
  view.setFloat64(headBytes, since, true);
  view.setFloat64(headBytes + 8, upTo, true);
  view.setUint32(headBytes + 16, points, true);
  view.setUint32(headBytes + 20, text.length, true);
  let at = headBytes + partBytes;
  for (const column of [times, words]) {
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
    at += column.byteLength;
  }
  bytes.set(text, at);
  bytes.set(request, at + text.length);
  return bytes;
}

/** @throws UnknownVersion, and Error where it is none of these */
export function readRecord(bytes: Uint8Array, file: string): KeptRecord {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes[1] !== version) throw new UnknownVersion(file, bytes[1] ?? 0);
  const stamp = {
    boot: view.getUint32(4, true),
    at: view.getFloat64(8, true),
    machine: view.getFloat64(16, true),
    day: view.getFloat64(24, true),
  };
  const number = view.getFloat64(32, true);
  switch (bytes[0]) {
    case kinds.batch:
      return { kind: 'batch', stamp, number, request: bytes.subarray(headBytes) };
    case kinds.sweep:
      return { kind: 'sweep', stamp, number };
    case kinds.end:
      return { kind: 'end', stamp, end: JSON.parse(decoder.decode(bytes.subarray(headBytes))) };
    case kinds.part:
      return { kind: 'part', stamp, ...readPart(bytes, view) };
    default:
      throw new Error(`a record of the kind ${bytes[0]}, which is none`);
  }
}

function readPart(bytes: Uint8Array, view: DataView): { since: number; upTo: number; part: StatePart } {
  const points = view.getUint32(headBytes + 16, true);
  const namesLength = view.getUint32(headBytes + 20, true);
  let at = headBytes + partBytes;
  // Copied, because columns are aligned.
  function next(length: number): ArrayBuffer {
    at += length;
    return bytes.slice(at - length, at).buffer;
  }

  const times = new Float64Array(next(points * stateTimes * doubleBytes));
  const words = new Int32Array(next(points * stateWords * wordBytes));
  const names = JSON.parse(decoder.decode(next(namesLength)));
  return {
    since: view.getFloat64(headBytes, true),
    upTo: view.getFloat64(headBytes + 8, true),
    part: { request: bytes.subarray(at), points, times, words, names },
  };
}

function headed(kind: number, stamp: Stamp, number: number, more: number): Uint8Array {
  const bytes = new Uint8Array(headBytes + more);
  writeHead(bytes, kind, stamp, number);
  return bytes;
}

function writeHead(bytes: Uint8Array, kind: number, { boot, at, machine, day }: Stamp, number: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, headBytes);
  view.setUint32(0, kind + 256 * version, true);
  view.setUint32(4, boot, true);
  view.setFloat64(8, at, true);
  view.setFloat64(16, machine, true);
  view.setFloat64(24, day, true);
  view.setFloat64(32, number, true);
}
