/**
 * Writes records behind one another, one write at a time, while the process does other work. What cannot be written stays in
 * memory, in its order, and is tried again: a record is whole in the file, or not there. What a full disk has of half a record is
 * cut off at once, so that a process that is killed then leaves whole ones.
 */
import type { Output } from './output.ts';
import { createRecordQueue, type Group, type Item, type RecordQueueGiven } from './record-queue.ts';

/** From here on, a write does not wait for the flush interval. */
const enough = 64 * 1_024;

export interface WriterGiven extends RecordQueueGiven {
  readonly flushMs: number;
  /** A write has failed, and is tried again. */
  failed(error: Error): void;
}

export interface Writer {
  add(item: Item): void;
  /** Bytes that are not written yet. */
  readonly waiting: number;
  /** Why the last write failed. */
  readonly failure: Error | undefined;
  /** Writes all. Returns the records that could not be written; the file ends with a whole one. */
  finish(): Promise<readonly Item[]>;
}

export function createFileWriter(output: Output, context: WriterGiven): Writer {
  const queue = createRecordQueue(output, context);
  let group: Group | undefined;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let failure: Error | undefined;

  async function writeAll(): Promise<void> {
    while (true) {
      group ??= await queue.nextGroup();
      if (group === undefined) return;
      while (group.at < group.bytes.length) group.at += await output.write(group.bytes, group.at);
      queue.settle(group);
      group = undefined;
      failure = undefined;
    }
  }

  async function attempt(): Promise<void> {
    try {
      await writeAll();
    } catch (error) {
      failure = error as Error;
      if (group !== undefined) await toWhole(group);
      context.failed(failure);
    }
    running = undefined;
    if (failure !== undefined) later();
  }

  /** Half a record is written anew. Where it cannot be cut off, its other half follows. */
  async function toWhole(half: Group): Promise<void> {
    const whole = wholeOf(half);
    if (half.at === whole) return;
    const isCut =
      output.restarts ||
      (await output.cut(half.at - whole).then(
        () => true,
        () => false,
      ));
    if (isCut) half.at = whole;
  }

  function now(): void {
    clearTimeout(timer);
    timer = undefined;
    running ??= attempt();
  }

  function later(): void {
    timer ??= setTimeout(now, context.flushMs);
  }

  /** Ends a group of which a part is in the file with its last whole record. Returns the records behind that. */
  async function giveUp(): Promise<readonly Item[]> {
    if (group === undefined) return queue.items;
    const { at, records } = group;
    const whole = wholeOf(group);
    if (at > whole) await output.cut(at - whole).catch(() => undefined);
    return [...records.filter(({ end }) => end > at).map(({ item }) => item), ...queue.items];
  }

  return Object.freeze({
    add(item: Item) {
      queue.add(item);
      if (queue.waiting >= enough && failure === undefined) now();
      else later();
    },
    get waiting() {
      return queue.waiting;
    },
    get failure() {
      return failure;
    },
    async finish() {
      output.hurry();
      await running;
      now();
      await running;
      clearTimeout(timer);
      return giveUp();
    },
  });
}

/** Of what is written, the bytes of whole records. */
function wholeOf({ at, records }: Group): number {
  return records.findLast(({ end }) => end <= at)?.end ?? 0;
}
