/**
 * Writes records behind one another, one write at a time, while the process does other work. What cannot be written stays in memory, in its order, and is tried again:
 * a record is whole in the file, or not there.
 */
import type { Output } from './output.ts';

/** Records that are written in one go. */
const bytesAtOnce = 1_024 * 1_024;
/** From here on, a write does not wait for the flush interval. */
const enough = 64 * 1_024;

/** A record. */
export interface Item {
  readonly bytes: Uint8Array;
  readonly points: number;
}

export interface WriterGiven {
  readonly flushMs: number;
  /** What goes to the file for the bytes of a record; undefined: the bytes themselves. */
  readonly frame: ((bytes: Uint8Array) => Promise<Uint8Array>) | undefined;
  /** A write has failed, and is tried again. */
  failed(error: Error): void;
  /** The record is larger than a file may be. */
  tooLarge(bytes: number, points: number): void;
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

/** Records for one write, of which `at` bytes are written. */
interface Group {
  readonly bytes: Uint8Array;
  readonly records: readonly { readonly end: number; readonly item: Item }[];
  /** Of what its records are in memory. */
  readonly held: number;
  at: number;
}

export function createWriter(output: Output, given: WriterGiven): Writer {
  const { flushMs, frame } = given;
  const queue: Item[] = [];
  let waiting = 0;
  let group: Group | undefined;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let failure: Error | undefined;
  /** The one that was framed last: it may have been too large for its group. */
  let framed: { readonly item: Item; readonly bytes: Uint8Array } | undefined;

  async function framedOf(item: Item): Promise<Uint8Array> {
    if (frame === undefined) return item.bytes;
    if (framed?.item !== item) framed = { item, bytes: await frame(item.bytes) };
    return framed.bytes;
  }

  function drop(at: number, bytes: number): void {
    for (const { bytes: held, points } of queue.splice(at, 1)) {
      waiting -= held.length;
      given.tooLarge(bytes, points);
    }
  }

  /** As many records as one write takes. They leave the queue when all is ready for it. */
  async function nextGroup(): Promise<Group | undefined> {
    const parts: Uint8Array[] = [];
    const ends: number[] = [];
    let length = 0;
    for (let item = queue[0]; item !== undefined; item = queue[parts.length]) {
      const bytes = await framedOf(item);
      if (bytes.length > output.most) {
        drop(parts.length, bytes.length);
        continue;
      }
      if (length > 0 && length + bytes.length > Math.min(bytesAtOnce, output.left())) break;
      if (length === 0 && bytes.length > output.left()) await output.prepare(bytes.length);
      length += bytes.length;
      parts.push(bytes);
      ends.push(length);
    }
    const [only] = parts;
    if (only === undefined) return undefined;
    const items = queue.splice(0, parts.length);
    const held = items.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const records = items.map((item, at) => ({ end: ends[at] as number, item }));
    return { bytes: parts.length === 1 ? only : Buffer.concat(parts, length), records, held, at: 0 };
  }

  async function writeAll(): Promise<void> {
    while (true) {
      group ??= await nextGroup();
      if (group === undefined) return;
      while (group.at < group.bytes.length) group.at += await output.write(group.bytes, group.at);
      waiting -= group.held;
      group = undefined;
      failure = undefined;
    }
  }

  async function attempt(): Promise<void> {
    try {
      await writeAll();
    } catch (error) {
      failure = error as Error;
      if (group !== undefined && output.restarts) group.at = wholeOf(group);
      given.failed(failure);
    }
    running = undefined;
    if (failure !== undefined) later();
  }

  function now(): void {
    clearTimeout(timer);
    timer = undefined;
    running ??= attempt();
  }

  function later(): void {
    timer ??= setTimeout(now, flushMs);
  }

  /** Ends a group of which a part is in the file with its last whole record. Returns the records behind that. */
  async function giveUp(): Promise<readonly Item[]> {
    if (group === undefined) return queue;
    const { at, records } = group;
    const whole = wholeOf(group);
    if (at > whole) await output.cut(at - whole).catch(() => undefined);
    return [...records.filter(({ end }) => end > at).map(({ item }) => item), ...queue];
  }

  return Object.freeze({
    add(item: Item) {
      queue.push(item);
      waiting += item.bytes.length;
      if (waiting >= enough && failure === undefined) now();
      else later();
    },
    get waiting() {
      return waiting;
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
