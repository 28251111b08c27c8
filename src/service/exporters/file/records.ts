/** Batches as records of a file, and back. */
import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import { batchBytes, copyBatch } from '../../../formats/otlp/batch/copy-batch.ts';
import { jsonOf, writeJson } from '../../../formats/otlp/json/from-protobuf.ts';
import { jsonToProtobuf } from '../../../formats/otlp/json/to-protobuf.ts';
import { ByteSink } from '../../../formats/otlp/wire/byte-sink.ts';
import { createSlices } from '../slices.ts';
import type { FileSettings } from './config.ts';
import type { Item } from './record-queue.ts';

type RecordSettings = Pick<FileSettings, 'format' | 'compression'>;

/** Bytes of a batch that becomes JSON at once, without a copy: about a millisecond. */
const mostAtOnce = 128 * 1_024;
/** Bytes that the buffer for JSON keeps from record to record. */
const mostKept = 1_024 * 1_024;
const lineFeed = 0x0a;
const lengthBytes = 4;
const compress = promisify(zstdCompress);

export interface Records {
  /** Makes a record of a batch: at once, or behind those that wait. */
  add(batch: Batch): void;
  /** Bytes of batches that wait to become JSON. */
  readonly waiting: number;
  /** Bytes of the buffer for JSON. */
  readonly buffer: number;
  /** Makes all that wait into records. */
  finish(): void;
}

/** @param made takes each; the caller limits what waits */
export function createRecords(settings: RecordSettings, made: (record: Item) => void): Records {
  let sink = new ByteSink();
  const slices = createSlices(Number.POSITIVE_INFINITY);

  /** Ends the record in the sink. */
  function end(points: number): void {
    if (settings.compression === '') {
      sink.reserve(1);
      sink.byte(lineFeed);
    }
    // A record that waits holds no byte more than it has.
    const bytes = sink.bytes.slice(0, sink.at);
    if (sink.bytes.length > mostKept) sink = new ByteSink();
    sink.at = 0;
    made({ bytes, points });
  }

  function* inSlices(batch: Batch): Generator<void, void, void> {
    yield* writeJson(batch, sink);
    end(batch.points);
  }

  function addJson(batch: Batch): void {
    if (!slices.waiting && batch.bytes.length <= mostAtOnce) {
      for (const _ of writeJson(batch, sink));
      end(batch.points);
      return;
    }
    const copy = copyBatch(batch);
    slices.add(inSlices(copy), batchBytes(copy));
  }

  function addProtobuf(batch: Batch): void {
    // Its JSON has no points that were rejected.
    const bytes = batch.rejected === 0 ? batch.bytes : jsonToProtobuf(jsonOf(batch));
    made({ bytes: settings.compression === '' ? behindLength(bytes) : bytes.slice(), points: batch.points });
  }

  return Object.freeze({
    add: settings.format === 'json' ? addJson : addProtobuf,
    get waiting() {
      return slices.bytes;
    },
    get buffer() {
      return sink.bytes.length;
    },
    finish: slices.finish,
  });
}

/** What goes to the file for the bytes of a record. Undefined: they themselves. */
export function frameOf({ compression }: RecordSettings): ((bytes: Uint8Array) => Promise<Uint8Array>) | undefined {
  return compression === 'zstd' ? async (bytes) => behindLength(await compress(bytes)) : undefined;
}

/** The records of both are alike. */
export function isLike(one: RecordSettings, other: RecordSettings): boolean {
  return one.format === other.format && one.compression === other.compression;
}

/** The request that a record was made from. */
export function requestOf({ format, compression }: RecordSettings, record: Uint8Array): Uint8Array {
  if (format === 'json') return jsonToProtobuf(record);
  return compression === '' ? record.subarray(lengthBytes) : record;
}

function behindLength(bytes: Uint8Array): Uint8Array {
  const framed = Buffer.allocUnsafe(bytes.length + lengthBytes);
  framed.writeUInt32BE(bytes.length);
  framed.set(bytes, lengthBytes);
  return framed;
}
