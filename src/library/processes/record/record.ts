/**
 * What a process writes to its file and sends over its socket, in two parts: the head, which is the same while its series are,
 * and its values. A reader that knows a head by its version gets the values alone.
 */
import { countValues, type Snapshot } from './snapshot.ts';

export interface RecordHead {
  /** The ended processes whose totals are in `retired`. */
  readonly inherited: readonly string[];
  /** The process's number among those that live; absent while it is still joining. */
  readonly slot?: number | undefined;
  /** The process has ended, and has written its last values. Absent: it may live. */
  readonly hasLeft?: true;
  /** Of the process's own series. */
  readonly schema: Buffer;
  /** Totals of ended processes. */
  readonly retired: Snapshot;
}

export interface ProcessRecord {
  readonly head: RecordHead;
  /** The process's own series. */
  readonly own: Snapshot;
}

/** A file or a response above it is not read. */
export const mostRecordBytes = 64 * 1024 * 1024;

/**
 * Which program wrote it, and which version of the format that is: a change of what is written here, in a schema or in the order
 * of its values is a new one.
 */
const mark = 0x4d42_0000;
const version = 3;
const versionMask = 0xffff;
export const format = mark | version;

/** `word`: where a file or a response has its format. Undefined: this program can read it. */
export function whyNoRecord(word: number): string | undefined {
  if (word === format) return undefined;
  const other = word & versionMask;
  return word - other === mark
    ? `it is a record of version ${other}, not ${version}: other processes run another release`
    : 'it is no record';
}

const parts = 4;
const wordBytes = 4;
export const numberBytes = 8;

/** Its length is a multiple of eight, so that values behind it can be read where they are. */
export function encodeHead({ inherited, slot, hasLeft, schema, retired }: RecordHead): Buffer {
  const all = [Buffer.from(JSON.stringify({ inherited, slot, hasLeft })), schema, retired.schema, bytesOf(retired.values)];
  const lengths = Buffer.alloc(wordBytes * parts);
  for (const [at, { length }] of all.entries()) lengths.writeUInt32LE(length, wordBytes * at);
  const length = all.reduce((sum, part) => sum + part.length, lengths.length);
  return Buffer.concat([lengths, ...all], Math.ceil(length / numberBytes) * numberBytes);
}

/** Undefined: these bytes are no head, or only the beginning of one. */
export function decodeHead(bytes: Buffer): RecordHead | undefined {
  try {
    return readHead(bytes);
  } catch {
    return undefined;
  }
}

/** @throws where something in it is not as it was written */
function readHead(bytes: Buffer): RecordHead | undefined {
  let at = wordBytes * parts;
  if (bytes.length < at) return undefined;
  const all: Buffer[] = [];
  for (let part = 0; part < parts; part++) {
    const end = at + bytes.readUInt32LE(wordBytes * part);
    if (end > bytes.length) return undefined;
    all.push(bytes.subarray(at, end));
    at = end;
  }
  const [head, schema, retired, retiredValues] = all as [Buffer, Buffer, Buffer, Buffer];
  const { inherited, slot, hasLeft } = JSON.parse(head.toString());
  const isRead = areStrings(inherited) && (slot === undefined || Number.isSafeInteger(slot));
  return isRead
    ? {
        inherited,
        slot,
        ...(hasLeft === true && { hasLeft }),
        schema,
        retired: { schema: retired, values: numbersOf(retiredValues) },
      }
    : undefined;
}

/** Whether it can be shown: its values are those of its series. */
export function isWhole({ own, head: { retired } }: ProcessRecord): boolean {
  try {
    return [own, retired].every(({ schema, values }) => countValues(schema) === values.length);
  } catch {
    return false;
  }
}

const formatAt = 3 * wordBytes;
const preludeBytes = formatAt + wordBytes;

/**
 * A response: how long it is, the head's version, the head's length, the format, the head unless `known` is its version, the
 * values.
 */
export function encodeAnswer(version: number, head: Buffer, values: Float64Array, known: number): Buffer {
  const headLength = known === version ? 0 : head.length;
  const answer = Buffer.allocUnsafeSlow(preludeBytes + headLength + values.byteLength);
  answer.writeUInt32LE(answer.length, 0);
  answer.writeUInt32LE(version, wordBytes);
  answer.writeUInt32LE(headLength, 2 * wordBytes);
  answer.writeUInt32LE(format, formatAt);
  if (headLength > 0) head.copy(answer, preludeBytes);
  numbersOf(answer.subarray(preludeBytes + headLength)).set(values);
  return answer;
}

/** The length of a response, from its head. */
export function answerLength(beginning: Buffer): number | undefined {
  return beginning.length < wordBytes ? undefined : beginning.readUInt32LE(0);
}

/** Undefined: it may be a response. */
export function whyNoAnswer(beginning: Buffer): string | undefined {
  return beginning.length < preludeBytes || beginning.readUInt32LE(0) < preludeBytes
    ? 'it is no record'
    : whyNoRecord(beginning.readUInt32LE(formatAt));
}

export interface Answered {
  readonly version: number;
  /** Undefined: that of the version. */
  readonly head: RecordHead | undefined;
  readonly values: Float64Array;
}

/** Undefined: these bytes are no response. */
export function decodeAnswer(bytes: Buffer): Answered | undefined {
  if (bytes.length < preludeBytes) return undefined;
  const version = bytes.readUInt32LE(wordBytes);
  const valuesAt = preludeBytes + bytes.readUInt32LE(2 * wordBytes);
  if (valuesAt > bytes.length) return undefined;
  // A copy, which outlives the response.
  const head = valuesAt === preludeBytes ? undefined : decodeHead(Buffer.from(bytes.subarray(preludeBytes, valuesAt)));
  return { version, head, values: numbersOf(bytes.subarray(valuesAt)) };
}

export function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** The same memory where it begins at a multiple of eight bytes, else a copy. */
export function numbersOf(bytes: Buffer): Float64Array {
  const { buffer, byteOffset, length } = byteOffsetIsWhole(bytes) ? bytes : Buffer.from(new Uint8Array(bytes).buffer);
  return new Float64Array(buffer, byteOffset, Math.floor(length / numberBytes));
}

const areStrings = (given: unknown): given is string[] => Array.isArray(given) && given.every((one) => typeof one === 'string');

function byteOffsetIsWhole({ byteOffset }: Buffer): boolean {
  return byteOffset % numberBytes === 0;
}
