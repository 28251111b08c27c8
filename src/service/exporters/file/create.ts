/** The exporter `file`. */
import { resolve } from 'node:path';
import { type Batch, readBatch } from '../../../formats/otlp/batch/batch.ts';
import { noLimits } from '../../../formats/otlp/batch/batch-limits.ts';
import type { Exporter, ExporterContext, Verdict } from '../../component.ts';
import type { FileSettings } from './config.ts';
import { createOutput } from './create-output.ts';
import type { Output } from './output.ts';
import type { Item } from './record-queue.ts';
import { createRecords, frameOf, isLike, requestOf } from './records.ts';
import { createFileWriter, type Writer } from './writer.ts';

/** Bytes that may wait for the file. What comes then is to be sent again. */
const mostWaiting = 64 * 1_024 * 1_024;
const defaultFlushMs = 1_000;

/** What an exporter hands over to the one that replaces it. */
interface Left {
  /** Whose records the file has. */
  readonly wrote: FileSettings;
  /** Not written yet. */
  readonly records: readonly Item[];
}

export function createFile(settings: FileSettings, context: ExporterContext): Exporter {
  const { id, log, memory } = context;
  let started = false;
  /** Until the start. */
  let former: Left | undefined;
  let forget = () => {};
  const output = createOutput(settings, { clock: context.clock, warn: (message) => log.warn(message) });
  const writer = writerOf(settings, context, output);
  const records = createRecords(settings, writer.add);
  const held = () => writer.waiting + records.waiting;

  /** Why nothing more is accepted now, for the sender: the file's path is only logged. */
  function overload(bytes: number): string | undefined {
    if (writer.failure !== undefined) return `the file cannot be written: ${withoutPath(writer.failure)}`;
    const noMemory = held() > 0 && memory.room < bytes;
    if (held() < mostWaiting && !noMemory) return undefined;
    const why = `is written too slowly: ${noMemory ? 'there is no memory for more (--max-memory)' : `more than ${mostWaiting} bytes wait`}`;
    context.refusal('too_slow', `exporters.${id}: ${settings.path} ${why}`);
    return `the file ${why}`;
  }

  function addLeft({ wrote, records: left }: Left): void {
    for (const record of left) {
      if (isLike(wrote, settings)) writer.add(record);
      else records.add(readBatch(requestOf(wrote, record.bytes), noLimits));
    }
  }

  return Object.freeze({
    consume(batch: Batch): Verdict {
      const why = overload(batch.bytes.length);
      if (why !== undefined) return { points: batch.points, why, retryable: true };
      records.add(batch);
      return undefined;
    },
    async start() {
      await output.start(former && inFile(former.wrote, settings)).catch((error: Error) => {
        throw new Error(`exporters.${id}.path: ${settings.path} cannot be opened: ${error.message}`);
      });
      started = true;
      forget = memory.add(() => held() + records.buffer);
      if (former !== undefined) addLeft(former);
      former = undefined;
    },
    async shutdown() {
      forget();
      records.finish();
      const lost = (await writer.finish()).reduce((sum, { points }) => sum + points, 0);
      if (lost > 0)
        log.warn(`${lost} points are lost: ${settings.path} cannot be written: ${writer.failure?.message}`, { points: lost });
      await output.close();
    },
    async handOver(): Promise<Left> {
      forget();
      records.finish();
      const left = await writer.finish();
      await output.close();
      return former ?? { wrote: settings, records: left };
    },
    takeOver(left: unknown) {
      if (started) addLeft(left as Left);
      else former = left as Left;
    },
  });
}

function writerOf(settings: FileSettings, { id, refusal }: ExporterContext, output: Output): Writer {
  return createFileWriter(output, {
    flushMs: settings.flush_interval || defaultFlushMs,
    frame: frameOf(settings),
    failed: ({ message }) => refusal('not_written', `exporters.${id}.path: ${settings.path} cannot be written: ${message}`),
    tooLarge: (bytes, points) =>
      refusal(
        'too_large',
        `exporters.${id}: a batch of ${points} points has ${bytes} bytes, more than rotation.max_megabytes; it is not written`,
        points,
      ),
  });
}

/** `ENOSPC: no space left on device`, without the call and its path that Node.js writes behind it. */
function withoutPath({ message, code }: NodeJS.ErrnoException): string {
  return code === undefined ? message : (message.split(', ', 1)[0] as string);
}

/** What the file has already from a former exporter. */
function inFile(wrote: FileSettings, settings: FileSettings): 'the same' | 'another format' | undefined {
  if (resolve(wrote.path) !== resolve(settings.path)) return undefined;
  return isLike(wrote, settings) ? 'the same' : 'another format';
}
