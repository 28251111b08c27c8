/** What the files of a log say: which records are live, in their order. */
import { rename } from 'node:fs/promises';
import { basename } from 'node:path';
import { UnknownVersion } from './errors.ts';
import { readNumbers, recordType } from './format.ts';
import { boundedPlaces, type Stand } from './places.ts';
import { type Begin, beginOf, type ScannedRecord, scanSegment } from './scan.ts';
import type { SegmentBytes } from './segment-bytes.ts';
import { segmentFile, segmentFiles } from './segment-files.ts';

export interface LiveRecord extends Stand {
  readonly number: number;
  readonly length: number;
  readonly points: number;
  /** The number of its segment, and where its payload is in it. */
  readonly segment: number;
  readonly offset: number;
}

export interface Replayed {
  readonly live: readonly LiveRecord[];
  /** By their numbers, ascending: the bytes of their files. */
  readonly segments: ReadonlyMap<number, number>;
  /** No record, group or segment has this number or a later one. */
  readonly next: { readonly number: number; readonly group: number; readonly segment: number };
  readonly damaged: { readonly records: number; readonly bytes: number };
}

type Warn = (message: string, facts?: Record<string, unknown>) => void;

export async function replay(directory: string, name: string, warn: Warn): Promise<Replayed> {
  const files = await segmentFiles(directory, name);
  const state = createLiveState();
  const segments = new Map<number, number>();
  const damaged = { records: 0, bytes: 0 };

  async function read(segment: SegmentBytes, number: number, file: string): Promise<void> {
    const begin = await beginOf(segment);
    if (begin !== undefined && 'version' in begin) throw new UnknownVersion(file, begin.version);
    const bytes = segment.size;
    if (begin !== undefined) {
      segments.set(number, bytes);
      await scan(segment, begin, number, file);
    } else if (bytes === 0) {
      segments.set(number, 0);
      warn(`storage: ${file} is empty: it was made right before a crash, or what it had is lost`, { file, bytes });
    } else {
      damaged.records++;
      damaged.bytes += bytes;
      await rename(file, `${file}.damaged`);
      const now = `it is ${basename(file)}.damaged now, and nothing of it is sent`;
      warn(`storage: ${file} has neither a readable head nor records that are surely its own; ${now}`, { file, bytes });
    }
  }

  async function scan(segment: SegmentBytes, begin: Begin, number: number, file: string): Promise<void> {
    const own = { records: 0, bytes: 0, first: 0 };
    await scanSegment(
      segment,
      begin,
      (record) => state.take(record, number, begin.isSure),
      (damage) => {
        if (own.records === 0) own.first = damage.offset;
        own.records++;
        own.bytes += damage.bytes;
      },
    );
    if (own.records === 0) return;
    damaged.records += own.records;
    damaged.bytes += own.bytes;
    warn(
      `storage: ${file} is damaged or cut off at byte ${own.first}: ${own.bytes} bytes are skipped, all other records are read`,
      {
        file,
        offset: own.first,
        bytes: own.bytes,
        places: own.records,
      },
    );
  }

  let before: number | undefined;
  for (const number of files.numbers) {
    const file = segmentFile(directory, name, number);
    if (before !== undefined && number > before + 1)
      warn(`storage: ${basename(file)} follows segment ${before}: what was between them is missing, and is not sent`, {
        file,
        missing: number - before - 1,
      });
    before = number;
    const segment = await files.open(number);
    if (segment === undefined) continue;
    try {
      await read(segment, number, file);
    } finally {
      await segment.close();
    }
  }
  const leftOut = await files.leftOut();
  if (leftOut !== undefined) warn(leftOut);
  // Where nothing is damaged, a crash has left them behind, and what they were to replace is live.
  if (damaged.records > 0) damaged.records += state.unknown.length;
  const { live, next } = state.end();
  return { live, segments, next: { ...next, segment: files.next }, damaged };
}

/** Of what others may have written: a later number leaves enough of them. */
const mostNumber = 2 ** 52;
const mostGroup = 2 ** 31;

export type LiveState = ReturnType<typeof createLiveState>;

/** Which records are live behind those that were taken, segment after segment. */
export function createLiveState() {
  const live = new Map<number, LiveRecord>();
  /** Records that are live once their group is. */
  const groups = new Map<number, LiveRecord[]>();
  const next = { number: 1, group: 1 };
  /** The last group that was taken, and in which segment. */
  let taken = '';

  function data(record: ScannedRecord, segment: number, isSure: boolean): void {
    const { number, length, points, place, offset, group } = record;
    const kept = { number, length, points, place, segment, offset };
    if (group === 0) enter(kept, isSure);
    else if (!groups.has(group)) groups.set(group, [kept]);
    else groups.get(group)?.push(kept);
  }

  /** What may imitate records takes nothing from other segments. */
  function mayChange(number: number, segment: number, isSure: boolean): boolean {
    return isSure || (live.get(number)?.segment ?? segment) === segment;
  }

  function enter(kept: LiveRecord, isSure: boolean): void {
    if (mayChange(kept.number, kept.segment, isSure)) live.set(kept.number, kept);
  }

  return {
    /** @param isSure whether it is a record of this log, and no imitation */
    take(record: ScannedRecord, segment: number, isSure: boolean): void {
      const { type, number, group, payload, place } = record;
      if (!isSure && !(Number.isSafeInteger(number) && number <= mostNumber && group <= mostGroup && Number.isFinite(place)))
        return;
      // The second copy of what was taken.
      if (type === recordType.replace && taken === `${segment} ${group}`) return;
      if (type === recordType.data) data(record, segment, isSure);
      const numbers = type === recordType.data ? [] : readNumbers(payload);
      const [before = 0] = numbers;
      const gone = type === recordType.forget ? [...live.keys()].filter((known) => known < before) : numbers;
      for (const done of gone) if (mayChange(done, segment, isSure)) live.delete(done);
      if (type === recordType.replace) {
        for (const kept of groups.get(group) ?? []) enter(kept, isSure);
        groups.delete(group);
        taken = `${segment} ${group}`;
      }
      for (const used of [number, ...numbers]) if (isSure || used <= mostNumber) next.number = Math.max(next.number, used + 1);
      next.group = Math.max(next.group, group + 1);
    },
    /** Records of which it is not known whether they are live: of groups that no record has made live. */
    get unknown(): readonly LiveRecord[] {
      return [...groups.values()].flat();
    },
    end() {
      const ordered = [...live.values()].sort((one, other) => one.place - other.place || one.number - other.number);
      return { live: boundedPlaces(ordered), next };
    },
  };
}
