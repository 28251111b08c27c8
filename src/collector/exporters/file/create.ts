/** The exporter `file`. */
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import { type Batch, readBatch } from '../../../otlp/batch/batch.ts';
import { batchBytes, copyBatch } from '../../../otlp/batch/copy-batch.ts';
import { jsonOf, writeJson } from '../../../otlp/json/from-protobuf.ts';
import { jsonToProtobuf } from '../../../otlp/json/to-protobuf.ts';
import { ByteSink } from '../../../otlp/wire/byte-sink.ts';
import type { Exporter, ExporterGiven, Verdict } from '../../component.ts';
import { noLimits } from '../../no-limits.ts';
import { createSlices } from '../slices.ts';
import type { FileSettings } from './config.ts';
import { createOutput } from './create-output.ts';
import { createWriter, type Item } from './writer.ts';

/** Bytes of a batch that becomes JSON at once, without a copy: about a millisecond. */
const mostAtOnce = 128 * 1_024;
/** Bytes that may wait for the file. What comes then is to be sent again. */
const mostWaiting = 64 * 1_024 * 1_024;
/** Bytes of JSON that are copied out of the shared buffer, which is kept then. */
const small = 64 * 1_024;
const defaultFlushMs = 1_000;
const lineFeed = 0x0a;
const lengthBytes = 4;
const compress = promisify(zstdCompress);

/** What an exporter leaves to the one in its place. */
interface Left {
  /** Whose records the file has. */
  readonly wrote: FileSettings;
  /** Not written yet. */
  readonly records: readonly Item[];
}

export function createFile(settings: FileSettings, given: ExporterGiven): Exporter {
  const { id, log } = given;
  let started = false;
  /** Until the start. */
  let former: Left | undefined;
  const output = createOutput(settings, { clock: given.clock, warn: (message) => log.warn(message) });
  const sink = new ByteSink();
  const slices = createSlices(mostWaiting);
  /** Of batches that wait to become JSON. */
  let unwritten = 0;
  const writer = createWriter(output, {
    flushMs: settings.flush_interval || defaultFlushMs,
    frame: settings.compression === 'zstd' ? async (bytes) => behindLength(await compress(bytes)) : undefined,
    failed: ({ message }) => given.refusal('not_written', `exporters.${id}.path: ${settings.path} cannot be written: ${message}`),
    tooLarge: (bytes, points) =>
      given.refusal(
        'too_large',
        `exporters.${id}: a batch of ${points} points has ${bytes} bytes, more than rotation.max_megabytes; it is not written`,
        points,
      ),
  });

  function refused(batch: Batch): Verdict {
    const { failure, waiting } = writer;
    if (failure !== undefined) return { points: batch.points, why: `${settings.path} cannot be written: ${failure.message}`, passes: true };
    if (waiting + unwritten < mostWaiting) return undefined;
    const why = `${settings.path} is written too slowly: more than ${mostWaiting} bytes wait`;
    given.refusal('too_slow', `exporters.${id}: ${why}`);
    return { points: batch.points, why, passes: true };
  }

  /** Ends the record in the sink and hands it to the writer. */
  function end(points: number): void {
    if (settings.compression === '') {
      sink.reserve(1);
      sink.byte(lineFeed);
    }
    const bytes = sink.at > small ? sink.take() : sink.bytes.slice(0, sink.at);
    sink.at = 0;
    writer.add({ bytes, points });
  }

  function* inSlices(batch: Batch): Generator<void, void, void> {
    yield* writeJson(batch, sink);
    unwritten -= batch.bytes.length;
    end(batch.points);
  }

  function addJson(batch: Batch): void {
    if (!slices.waiting && batch.bytes.length <= mostAtOnce) {
      for (const _ of writeJson(batch, sink));
      end(batch.points);
      return;
    }
    const copy = copyBatch(batch);
    unwritten += copy.bytes.length;
    slices.add(inSlices(copy), batchBytes(copy));
  }

  function addProtobuf(batch: Batch): void {
    // Its JSON has no points that were rejected.
    const bytes = batch.rejected === 0 ? batch.bytes : jsonToProtobuf(jsonOf(batch));
    writer.add({ bytes: settings.compression === '' ? behindLength(bytes) : bytes.slice(), points: batch.points });
  }

  function add(batch: Batch): void {
    if (settings.format === 'json') addJson(batch);
    else addProtobuf(batch);
  }

  function addLeft({ wrote, records }: Left): void {
    for (const record of records) {
      if (isLike(wrote)) writer.add(record);
      else add(readBatch(requestOf(wrote, record.bytes), noLimits));
    }
  }

  const isLike = ({ format, compression }: FileSettings) => format === settings.format && compression === settings.compression;

  /** What the file has already. */
  function held(): 'the same' | 'another format' | undefined {
    if (former === undefined || resolve(former.wrote.path) !== resolve(settings.path)) return undefined;
    return isLike(former.wrote) ? 'the same' : 'another format';
  }

  return Object.freeze({
    consume(batch: Batch) {
      const verdict = refused(batch);
      if (verdict !== undefined) return verdict;
      add(batch);
      return undefined;
    },
    async start() {
      await output.start(held()).catch((error: Error) => {
        throw new Error(`exporters.${id}.path: ${settings.path} cannot be opened: ${error.message}`);
      });
      started = true;
      if (former !== undefined) addLeft(former);
      former = undefined;
    },
    async shutdown() {
      slices.finish();
      const lost = (await writer.finish()).reduce((sum, { points }) => sum + points, 0);
      if (lost > 0) log.warn(`${lost} points are lost: ${settings.path} cannot be written: ${writer.failure?.message}`, { points: lost });
      await output.close();
    },
    async handOver(): Promise<Left> {
      slices.finish();
      const records = await writer.finish();
      await output.close();
      return former ?? { wrote: settings, records };
    },
    takeOver(left: unknown) {
      if (started) addLeft(left as Left);
      else former = left as Left;
    },
  });
}

/** The request that a record was made from. */
function requestOf({ format, compression }: FileSettings, record: Uint8Array): Uint8Array {
  if (format === 'json') return jsonToProtobuf(record);
  return compression === '' ? record.subarray(lengthBytes) : record;
}

function behindLength(bytes: Uint8Array): Uint8Array {
  const framed = Buffer.allocUnsafe(bytes.length + lengthBytes);
  framed.writeUInt32BE(bytes.length);
  framed.set(bytes, lengthBytes);
  return framed;
}
