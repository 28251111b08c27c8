/** What a process leaves in its file and answers over its socket, as bytes. */
import type { Snapshot } from './snapshot.ts';

export interface ProcessRecord {
  /** The ended processes whose totals are in `retired`. */
  readonly inherited: readonly string[];
  /** The process's number among those that live; absent while it is still joining. */
  readonly slot?: number | undefined;
  /** The process's own series. */
  readonly own: Snapshot;
  /** Totals of ended processes. */
  readonly retired: Snapshot;
}

/** Above it a record is refused: some 100,000 series. */
export const mostRecordBytes = 64 * 1024 * 1024;

const parts = 5;

export function encodeRecord({ inherited, slot, own, retired }: ProcessRecord): Buffer {
  const all = [Buffer.from(JSON.stringify({ inherited, slot })), own.schema, bytesOf(own.values), retired.schema, bytesOf(retired.values)];
  const lengths = Buffer.alloc(4 * parts);
  for (const [at, { length }] of all.entries()) lengths.writeUInt32LE(length, 4 * at);
  return Buffer.concat([lengths, ...all]);
}

/** Undefined: these bytes are no record, or only the beginning of one. */
export function decodeRecord(bytes: Buffer): ProcessRecord | undefined {
  let at = 4 * parts;
  if (bytes.length < at || bytes.length > mostRecordBytes) return undefined;
  const all: Buffer[] = [];
  for (let part = 0; part < parts; part++) {
    const end = at + bytes.readUInt32LE(4 * part);
    all.push(bytes.subarray(at, end));
    at = end;
  }
  if (at !== bytes.length) return undefined;
  const [head, schema, values, retired, retiredValues] = all as [Buffer, Buffer, Buffer, Buffer, Buffer];
  return {
    ...JSON.parse(head.toString()),
    own: { schema, values: numbersOf(values) },
    retired: { schema: retired, values: numbersOf(retiredValues) },
  };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** A copy, because numbers are read at multiples of eight bytes. */
function numbersOf(bytes: Buffer): Float64Array {
  return new Float64Array(new Uint8Array(bytes).buffer, 0, Math.floor(bytes.length / 8));
}
