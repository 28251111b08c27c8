/** The disk behind a queue: what enters is written, and waits as a record of a log. */
import type { RecordLog, StoredRecord } from '../../storage/log/record-log.ts';
import { type Entry, type Loaded, lengthOf, letGo, originOf } from '../entry.ts';

export interface Store {
  /** Whether it has room for so many bytes. */
  hasRoom(bytes: number): boolean;
  /** Bytes that can be written in place of others. */
  readonly spare: number;
  /** All of these entries are of this store. */
  owns(entries: readonly Entry[]): boolean;
  /**
   * Resolves with what waits once it is written: all of it, or, where it rejects, none.
   * @param soon it is sent soon, so that its bytes stay in memory, too
   * @throws LogFull, and errors of the system
   */
  write(entry: Loaded, soon: boolean): Promise<readonly Entry[]>;
  /** Puts entries in the place of others, all at once. @throws as `write` */
  replace(old: readonly Entry[], by: readonly Loaded[]): Promise<readonly Entry[]>;
  /** What the log has, in its order. A receiver may have it already. */
  found(records: readonly StoredRecord[]): readonly Entry[];
}

/** @param split what is too large for one request, in parts: what waits is divided no further */
export function createStore(log: RecordLog, split: (entry: Loaded) => readonly Loaded[]): Store {
  function waits(entry: Omit<Entry, 'points'>, record: StoredRecord): Entry {
    return { stored: { log, record }, points: record.points, ...originOf(entry), ...(entry.compact && { compact: true }) };
  }

  async function replace(old: readonly Entry[], by: readonly Loaded[]): Promise<readonly Entry[]> {
    const gone = old.flatMap(({ stored }) => (stored === undefined ? [] : [stored.record]));
    const records = await log.replace(
      gone,
      by.map(({ bytes: payload, points }) => ({ payload, points })),
    );
    for (const entry of [...old, ...by]) letGo(entry);
    return by.map((entry, at) => waits(entry, records[at] as StoredRecord));
  }

  return Object.freeze({
    hasRoom: log.hasRoom,
    get spare() {
      return log.spare;
    },
    owns: (entries: readonly Entry[]) => entries.every(({ stored }) => stored?.log === log),
    async write(entry: Loaded, soon: boolean) {
      const parts = split(entry);
      if (parts.length > 1) {
        const written = await replace([], parts);
        letGo(entry);
        return written;
      }
      const record = await log.append(entry.bytes, entry.points);
      if (soon) return [{ ...entry, ...waits(entry, record) }];
      letGo(entry);
      return [waits(entry, record)];
    },
    replace,
    found: (records: readonly StoredRecord[]) =>
      records.map((record) => waits({ since: performance.now(), restored: true, tried: true }, record)),
  });
}

/** Of their requests. */
export function lengthIn(entries: readonly Entry[]): number {
  return entries.reduce((sum, entry) => sum + lengthOf(entry), 0);
}
