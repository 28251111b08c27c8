/**
 * A log of records on disk: appended, read back, and done. Records that are damaged or cut off are skipped when it is opened,
 * counted and named. Its format is on the page "Storage format" of the documentation.
 */
import { LogFull } from './errors.ts';
import { numbersPayload, type RecordHead, recordHeadBytes, recordType } from './format.ts';
import { createMarks } from './marks.ts';
import { placesOf, type Stand } from './places.ts';
import { type LiveRecord, replay } from './replay.ts';
import { createSegments, type Segment } from './segments.ts';
import type { NewRecord, StoredRecord } from './stored-record.ts';
import { createWriter, inParts, type ToWrite } from './writer.ts';

export type { NewRecord, StoredRecord };

export interface RecordLogOptions {
  /** Is there, and this process may write to it. Nobody else opens a log of this name there. */
  readonly directory: string;
  /** Letters, digits, `_`, `.` and `-`. */
  readonly name: string;
  /** A segment that has so many bytes is followed by another one. Default 16 MiB, and at most an eighth of `maxBytes`. */
  readonly segmentBytes?: number;
  /** Whether what is written is on the disk, not only with the system, before it counts as written. */
  readonly fsync: boolean;
  /** Of all segments; a quarter of them is for `replace`. 0: no limit. */
  readonly maxBytes: number;
  readonly warn: (message: string, facts?: Record<string, unknown>) => void;
  /** Why the directory is not this process's now: nothing is written, opened or deleted there then. Undefined: it is. */
  readonly lost?: () => Error | undefined;
  /** How often that was so: what was opened before may be of another directory. */
  readonly losses?: () => number;
}

export interface RecordLog {
  /** What was there when it was opened, in its order. */
  readonly live: readonly StoredRecord[];
  /** Of all segments. */
  readonly bytes: number;
  /** Bytes that `replace` can write. */
  readonly spare: number;
  /** Whether `append` has room for a payload of so many bytes. */
  hasRoom(bytes: number): boolean;
  /** For what is written from now on. */
  change(options: Pick<RecordLogOptions, 'fsync' | 'maxBytes'>): void;
  /** What was skipped when it was opened: stretches that are no records, and their bytes. */
  readonly damaged: { readonly records: number; readonly bytes: number };
  /**
   * Resolves once it is written, and synced with `fsync`.
   * @throws LogFull where `maxBytes` leaves no room
   * @throws Error of the system (ENOSPC, EIO); then nothing is written
   */
  append(payload: Uint8Array, points: number): Promise<StoredRecord>;
  /**
   * Writes it at once, without a copy of it or another thread. Undefined: it is not written, because it would have to wait, or
   * meets an error. Never with `fsync`.
   * @param payload in pieces
   */
  appendNow(payload: readonly Uint8Array[], points: number): StoredRecord | undefined;
  /** @throws DamagedRecord where it is not what was written */
  read(record: StoredRecord): Promise<Uint8Array>;
  /** It is not live any more. If the process is killed before that is written, it is again. Of a closed log: it stays. */
  done(record: StoredRecord): void;
  /**
   * After a crash either the old ones are live or the new ones, which stand where the old ones stood.
   * @throws as `append`
   */
  replace(old: readonly StoredRecord[], records: readonly NewRecord[]): Promise<readonly StoredRecord[]>;
  /** All records with a number below this one are done. */
  forgetBefore(number: number): void;
  /** Notes what is done, and closes the files. */
  close(): Promise<void>;
}

const defaultSegmentBytes = 16 * 1024 * 1024;

const leastSegmentBytes = 4 * 1024;

/** The shares of `maxBytes` that `append` leaves free for `replace`, and `replace` for notes of what is done. */
const [reserved, reservedForMarks] = [1 / 4, 1 / 32];

/** @throws UnknownVersion, and errors of the system */
export async function openRecordLog(options: RecordLogOptions): Promise<RecordLog> {
  const { directory, name, fsync, warn, lost = () => undefined, losses = () => 0 } = options;
  let most = mostOf(options.maxBytes);
  let closed = false;
  /** Copying has not made room, and nothing has left since. */
  let stuck = false;
  const segmentBytes = Math.max(leastSegmentBytes, Math.min(options.segmentBytes ?? defaultSegmentBytes, Math.floor(most / 8)));
  const found = await replay(directory, name, warn);
  const segments = createSegments(directory, name, lost);
  for (const [number, bytes] of found.segments) segments.add(number, bytes, false);
  const live = new Map<number, LiveRecord>();
  const next = { ...found.next };
  const writer = createWriter(segments, { directory, name, segmentBytes, fsync, first: found.next.segment, lost, losses });
  const marks = createMarks(async (done) => {
    const note: ToWrite = { head: headOf(recordType.done, done.length * 8), payload: [numbersPayload(done)] };
    if (!writer.writeNow(note, true)) await writer.write([note]);
  });
  let making: Promise<void> | undefined;

  function headOf(type: number, length: number, more: Partial<RecordHead> = {}): RecordHead {
    return { type, length, points: 0, group: 0, number: 0, place: 0, ...more };
  }

  /** A new record, and what writes it. */
  function newRecord(payload: readonly Uint8Array[], points: number): Readonly<{ record: StoredRecord; toWrite: ToWrite }> {
    const { number } = next;
    const length = lengthOf(payload);
    const record = { number, length, points };
    const written = (segment: number, offset: number) => enter({ ...record, place: number, segment, offset });
    return { record, toWrite: { head: headOf(recordType.data, length, { points, number, place: number }), payload, written } };
  }

  function enter(record: LiveRecord): void {
    live.set(record.number, record);
    segments.counts(record, 1);
  }

  function leave({ number }: StoredRecord): LiveRecord | undefined {
    const record = live.get(number);
    if (record === undefined) return undefined;
    live.delete(number);
    stuck = false;
    segments.counts(record, -1);
    return record;
  }

  const fits = (bytes: number, limit: number) => segments.bytes + writer.pending + bytes <= limit;

  async function ensureRoom(bytes: number, limit: number): Promise<void> {
    // What comes while another one waits for room does not overtake it.
    if (making === undefined && fits(bytes, limit)) return;
    making ??= makeRoom(bytes, limit).finally(() => {
      making = undefined;
    });
    await making;
    stuck = !fits(bytes, limit);
    if (stuck) throw new LogFull(`the segments of ${name} have ${segments.bytes} bytes, of ${most}`);
  }

  /** Copies what is live in the oldest segments, so that they can be deleted, as long as more is gained than copied. */
  async function makeRoom(bytes: number, limit: number): Promise<void> {
    for (let left = segments.all.length; left > 0 && !fits(bytes, limit); left--) {
      const oldest = segments.all[0];
      if (oldest === undefined || !isWorthCopying(bytes, oldest)) return;
      if (oldest === writer.current) writer.roll();
      const { number } = oldest;
      const records = [...live.values()].filter(({ segment }) => segment === number);
      try {
        const payloads = await Promise.all(records.map((record) => segments.read(record)));
        await write(
          records,
          records.map((record, at) => ({ ...record, payload: payloads[at] as Uint8Array })),
        );
      } catch {
        return;
      }
      segments.reclaim();
    }
  }

  /** All that is not live could be gained in the end. */
  function isWorthCopying(bytes: number, { liveBytes, live: count }: Segment): boolean {
    const lives = segments.all.reduce((sum, segment) => sum + segment.liveBytes + segment.live * recordHeadBytes, 0);
    const gained = segments.bytes - lives;
    const heads = count * (recordHeadBytes + 8) + 4 * recordHeadBytes;
    return gained > Math.max(bytes, segments.bytes / 8) && fits(liveBytes + heads, most);
  }

  /** Writes records that become live together, in place of the old ones; a record that is done meanwhile stays done. */
  async function write(
    old: readonly StoredRecord[],
    records: readonly (NewRecord & Stand & { readonly number: number })[],
  ): Promise<void> {
    const group = next.group++;
    const entered: LiveRecord[] = [];
    const members = records.map(
      ({ payload, points, number, place, until }): ToWrite => ({
        head: headOf(recordType.data, payload.length, { points, number, place, group }),
        payload: [payload],
        written(segment, offset) {
          const record = {
            number,
            length: payload.length,
            points,
            place,
            ...(until !== undefined && { until }),
            segment,
            offset,
          };
          entered.push(record);
          segments.counts(record, 1);
        },
      }),
    );
    const numbers = numbersPayload(old.map(({ number }) => number));
    const replaces = { head: headOf(recordType.replace, numbers.length, { group }), payload: [numbers] };
    const end = [replaces, replaces]; // Twice, because without it all of them would be lost.
    try {
      const parts = inParts(members, segmentBytes);
      const isNew = old.length === 0;
      // A disk may write the end of them first: it is handed over once it has all that they replace others with.
      const last = isNew ? (parts.pop() ?? []) : [];
      for (const part of parts) await writer.write(part, !isNew);
      await writer.write([...last, ...end], !isNew);
    } catch (error) {
      for (const record of entered) segments.counts(record, -1);
      throw error;
    }
    const gone = new Set(old.filter((record) => leave(record) === undefined).map(({ number }) => number));
    for (const record of entered) {
      live.set(record.number, record);
      if (gone.has(record.number)) finish(record);
    }
  }

  function finish(record: StoredRecord): void {
    if (closed || leave(record) === undefined) return;
    marks.add(record.number);
    segments.reclaim();
  }

  for (const record of found.live) enter(record);
  segments.reclaim();

  return Object.freeze({
    live: found.live,
    get bytes() {
      return segments.bytes;
    },
    get spare() {
      return most * (1 - reservedForMarks) - segments.bytes - writer.pending - 4 * recordHeadBytes;
    },
    hasRoom(length: number) {
      const bytes = recordHeadBytes + length;
      const [oldest] = segments.all;
      return fits(bytes, most * (1 - reserved)) || (!stuck && oldest !== undefined && isWorthCopying(bytes, oldest));
    },
    change(to: Pick<RecordLogOptions, 'fsync' | 'maxBytes'>) {
      most = mostOf(to.maxBytes);
      writer.sync(to.fsync);
    },
    damaged: found.damaged,
    async append(payload: Uint8Array, points: number) {
      const limit = most * (1 - reserved);
      const bytes = recordHeadBytes + payload.length;
      if (making !== undefined || !fits(bytes, limit)) await ensureRoom(bytes, limit);
      const { record, toWrite } = newRecord([payload], points);
      next.number++;
      await writer.write([toWrite]);
      return record;
    },
    appendNow(payload: readonly Uint8Array[], points: number) {
      const { record, toWrite } = newRecord(payload, points);
      if (making !== undefined || !fits(recordHeadBytes + record.length, most * (1 - reserved)) || !writer.writeNow(toWrite))
        return undefined;
      next.number++;
      return record;
    },
    async read(record: StoredRecord) {
      const known = live.get(record.number);
      if (known === undefined) throw new Error(`BUG: the record ${record.number} of ${name} is done`);
      return segments.read(known);
    },
    done: finish,
    async replace(old: readonly StoredRecord[], records: readonly NewRecord[]) {
      await ensureRoom(bytesOf(records) + 2 * (recordHeadBytes + old.length * 8), most * (1 - reservedForMarks));
      const places = placesOf(
        old.flatMap(({ number }) => live.get(number) ?? []),
        records.length,
      );
      const placed = records.map((record, at) => {
        const number = next.number++;
        return { ...record, number, ...(places[at] ?? { place: number }) };
      });
      await write(old, placed);
      segments.reclaim();
      return placed.map(({ number, payload, points }) => ({ number, length: payload.length, points }));
    },
    forgetBefore(before: number) {
      for (const record of [...live.values()]) if (record.number < before) leave(record);
      void writer.write([{ head: headOf(recordType.forget, 8), payload: [numbersPayload([before])] }]).catch(() => {});
      segments.reclaim();
    },
    async close() {
      closed = true;
      await marks.close();
      await writer.close();
      await segments.close();
    },
  });
}

/** With their heads. */
const bytesOf = (all: readonly NewRecord[]) => all.reduce((sum, { payload }) => sum + recordHeadBytes + payload.length, 0);
const lengthOf = (pieces: readonly Uint8Array[]) => pieces.reduce((sum, { length }) => sum + length, 0);

const mostOf = (maxBytes: number) => (maxBytes === 0 ? Number.POSITIVE_INFINITY : maxBytes);
