/**
 * What is in the logs of a directory: read without its lock, and nothing is changed. It may be a copy, or one that a service
 * writes to.
 */
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openFit } from '../../../core/directory/foreign-file.ts';
import { isKept, snapshotsIn } from '../../keep/open-keep.ts';
import { componentId } from '../directory.ts';
import { mostSegmentBytes, recordHeadBytes } from '../log/format.ts';
import { createLiveState, type LiveRecord, type LiveState } from '../log/replay.ts';
import { beginOf, type Damage, scanSegment } from '../log/scan.ts';
import { openBytes, type SegmentBytes } from '../log/segment-bytes.ts';
import { isWhole } from '../log/segments.ts';

export interface FoundRecord extends LiveRecord {
  readonly path: string;
  /** A service that starts there does not send it, or its segment is damaged. */
  readonly isAtRisk: boolean;
}

/** What is wrong with a file. */
export interface Finding {
  readonly path: string;
  readonly text: string;
  /** Undefined: nothing is lost. */
  readonly lostBytes?: number;
  /** The system does not let this user read it: what it has is not known. */
  readonly isUnread?: true;
}

export interface FoundLog {
  /** The id of its exporter. */
  readonly exporter: string;
  /** What waits to be sent, what an exporter has taken since its last snapshot, or its snapshots. */
  readonly kind: 'queue' | 'series' | 'snapshot';
  readonly files: number;
  /** Of all files. */
  readonly bytes: number;
  /** What a service that starts there finds, in its order. */
  readonly live: readonly FoundRecord[];
  /**
   * Whole records that it does not find: in files that were set aside, or of groups whose end is lost. They may have been sent.
   */
  readonly others: readonly FoundRecord[];
  readonly findings: readonly Finding[];
}

interface File {
  readonly path: string;
  readonly number: number;
  readonly isAside: boolean;
}

/** By the exporter and the kind. @throws errors of the system, where the directory cannot be read */
export async function readLogs(directory: string): Promise<readonly FoundLog[]> {
  const logs = new Map<string, File[]>();
  for (const file of (await readdir(directory)).sort()) {
    const [, name, number, aside] = /^meterbridge-(.+)-(\d{12})\.segment(\.damaged)?$/.exec(file) ?? [];
    if (name === undefined) continue;
    const files = logs.get(name) ?? [];
    logs.set(name, files);
    files.push({ path: join(directory, file), number: Number(number), isAside: aside !== undefined });
  }
  return Promise.all([...logs].map(([name, files]) => readLog(name, files)));
}

async function readLog(name: string, files: readonly File[]): Promise<FoundLog> {
  const findings: Finding[] = [];
  const damaged = new Set<number>();
  // Numbers of records may have been used again since a file was set aside.
  const [state, aside] = [createLiveState(), createLiveState()];
  let bytes = 0;
  let before: number | undefined;
  for (const file of files) {
    const { path } = file;
    if (!file.isAside && before !== undefined && file.number > before + 1)
      findings.push({ path, text: `${file.number - before - 1} segments ahead of it are missing`, lostBytes: 0 });
    if (!file.isAside) before = file.number;
    const segment = await readSegment(path, file.number, file.isAside ? aside : state);
    bytes += segment?.bytes ?? 0;
    if (segment?.findings.some(({ lostBytes }) => lostBytes !== undefined)) damaged.add(file.number);
    findings.push(...(segment?.findings ?? []));
    if (file.isAside) findings.push({ path, text: 'it was set aside by a service, which reads it no longer', lostBytes: 0 });
  }
  const paths = new Map(files.map(({ path, number, isAside }) => [isAside ? -number : number, path]));
  const placed =
    (isAside: boolean, isAtRisk = isAside) =>
    (record: LiveRecord): FoundRecord => ({
      ...record,
      path: paths.get(isAside ? -record.segment : record.segment) as string,
      isAtRisk: isAtRisk || damaged.has(record.segment),
    });
  return {
    exporter: componentId(snapshotsIn(name) ?? name),
    kind: snapshotsIn(name) !== undefined ? 'snapshot' : isKept(name) ? 'series' : 'queue',
    files: files.length,
    bytes,
    live: state.end().live.map(placed(false)),
    others: [
      ...aside.end().live.map(placed(true, true)),
      ...aside.unknown.map(placed(true, true)),
      ...state.unknown.map(placed(false, true)),
    ],
    findings,
  };
}

interface ReadSegment {
  readonly bytes: number;
  readonly findings: readonly Finding[];
}

/** Undefined: it is gone, because all that was in it was sent. */
async function readSegment(path: string, number: number, state: LiveState): Promise<ReadSegment | undefined> {
  const opened = await openFit(path, { mostBytes: mostSegmentBytes, users: undefined });
  if (opened === undefined) return undefined;
  if ('why' in opened) {
    if (opened.code === undefined) return { bytes: 0, findings: [{ path, text: `it is left out: ${opened.why}`, lostBytes: 0 }] };
    const text = `${opened.why}. Fix: run this as the user of the service`;
    return { bytes: 0, findings: [{ path, text, lostBytes: 0, isUnread: true }] };
  }
  const file = await openBytes(opened);
  try {
    return { bytes: file.size, findings: await scanned(file, path, number, state) };
  } finally {
    await file.close();
  }
}

async function scanned(file: SegmentBytes, path: string, number: number, state: LiveState): Promise<readonly Finding[]> {
  const begin = await beginOf(file);
  if (begin === undefined) {
    // An empty one was made right before a crash, or is being made.
    if (file.size === 0) return [];
    return [{ path, text: 'no whole record is in it that is surely its own', lostBytes: file.size }];
  }
  if ('version' in begin)
    return [{ path, text: `it has version ${begin.version} of the storage format, and this reads 1`, lostBytes: 0 }];
  const findings: Finding[] = [];
  await scanSegment(
    file,
    begin,
    (record) => state.take(record, number, begin.isSure),
    (damage) => void findings.push({ path, ...damageOf(damage) }),
  );
  return findings;
}

function damageOf({ offset, bytes, isCutOff }: Damage): Omit<Finding, 'path'> {
  if (isCutOff)
    return { text: `it ends within a record, ${bytes} bytes from byte ${offset} on: cut off by a crash, or being written` };
  return { text: `${bytes} bytes from byte ${offset} on are no record`, lostBytes: bytes };
}

/** Undefined: its file is gone, or holds something else now. */
export async function readPayload({ path, length, offset, number }: FoundRecord): Promise<Uint8Array | undefined> {
  try {
    const handle = await open(path, 'r');
    try {
      const whole = Buffer.allocUnsafe(recordHeadBytes + length);
      const { bytesRead } = await handle.read(whole, 0, whole.length, offset - recordHeadBytes);
      if (bytesRead < whole.length || !isWhole(whole, { number })) return undefined;
      return new Uint8Array(whole.buffer, whole.byteOffset + recordHeadBytes, length);
    } finally {
      await handle.close();
    }
  } catch {
    return undefined;
  }
}
