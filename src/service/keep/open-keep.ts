/** The directory in which the exporters of a service keep their series, locked while the service runs. */
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { MeterbridgeError } from '../../core/errors/error.ts';
import type { ExporterContext, ExporterFactory } from '../component.ts';
import { logName, openDirectory } from '../storage/directory.ts';
import type { RecordLog, StoredRecord } from '../storage/log/record-log.ts';
import { logNames } from '../storage/log/segment-files.ts';
import { makeSyncedDirectory } from '../storage/synced-directory.ts';
import type { Logger } from '../telemetry/logger.ts';

/** What an exporter keeps its series in. */
export interface KeepLogs {
  /** What it takes. */
  readonly taken: KeepLog;
  /** What it had at some time, in parts. */
  readonly snapshots: KeepLog;
  /** For messages. */
  readonly where: string;
  /** Bytes that the disk has room for. */
  free(): Promise<number>;
  close(): Promise<void>;
}

export interface KeepLog {
  readonly log: RecordLog;
  readonly found: readonly StoredRecord[];
}

/** What an exporter that keeps its series is made with. */
export interface KeepingContext extends ExporterContext {
  /** Absent: it keeps none. */
  readonly keep?: () => Promise<KeepLogs>;
}

/** Of an exporter that keeps its series. */
export interface KeepingFactory<Settings> extends ExporterFactory<Settings> {
  readonly keeps: true;
}

export function keepsSeries(factory: ExporterFactory): boolean {
  return 'keeps' in factory && factory.keeps === true;
}

export interface Keep {
  /** @param id of the exporter */
  open(id: string): Promise<KeepLogs>;
  /** A path that stands for what the exporter keeps: one component at a time has it. */
  fileOf(id: string): string;
  /** Names of logs there that are of none of these exporters. */
  others(ids: readonly string[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** How long it waits for a former service to end, in milliseconds. */
const waitMs = 1_000;
/** As the Collector's `file_storage`: for the owner, and to be read by a group. */
const directoryMode = 0o750;
/** What keeps series. */
const keptType = 'prometheus';
const snapshotPrefix = 'snapshot-';
const snapshotsOf = (id: string) => `${snapshotPrefix}${id}`;

/** @throws DirectoryInUse, and errors of the system */
export async function openKeep(path: string, log: Logger): Promise<Keep> {
  try {
    await makeSyncedDirectory(path, directoryMode);
  } catch (error) {
    const rule = `it is a directory that is there or can be made (${String(error)})`;
    throw new MeterbridgeError('OPTION_INVALID', [
      { at: '--keep', got: JSON.stringify(path), rule, fix: 'make it, or name another one' },
    ]);
  }
  const free = () =>
    statfs(path).then(
      ({ bavail, bsize }) => bavail * bsize,
      () => Number.POSITIVE_INFINITY,
    );
  const shared = { directory: path, maxBytes: 0, waitMs, warn: (message: string) => log.warn(message) };
  // Both have one lock. A snapshot is on the disk before what it has in it is deleted.
  const takes = await openDirectory({ ...shared, fsync: false });
  const parts = await openDirectory({ ...shared, fsync: true });
  return Object.freeze({
    async open(id: string) {
      const taken = await takes.open(id);
      try {
        const snapshots = await parts.open(snapshotsOf(id));
        const close = async () => {
          await Promise.all([taken.close(), snapshots.close()]);
        };
        return { taken, snapshots, where: `${path} (${id})`, free, close };
      } catch (error) {
        await taken.close();
        throw error;
      }
    },
    fileOf: (id: string) => join(path, logName(id)),
    async others(ids: readonly string[]) {
      const known = new Set(ids.map(logName));
      return (await logNames(path)).filter((name) => isKept(name) && !known.has(name));
    },
    async close() {
      await Promise.all([takes.close(), parts.close()]);
    },
  });
}

/** Other logs may be there: those of sending queues. */
export function isKept(name: string): boolean {
  return name === keptType || name.startsWith(`${keptType}.`);
}

/** The name of the log whose snapshots are in this one. Undefined: it has no snapshots. */
export function snapshotsIn(name: string): string | undefined {
  const of = name.slice(snapshotPrefix.length);
  return name.startsWith(snapshotPrefix) && isKept(of) ? of : undefined;
}
