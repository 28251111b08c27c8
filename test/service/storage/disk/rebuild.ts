/** Rebuilds what a disk may hold, by what was recorded: after SIGKILL, and after a power cut. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { DataOp, EntryOp, Recorded } from './recorded.ts';

/**
 * What is left of that which was done, and not synced. `killed`: all that has ended, because the system has it; `none`; `all`.
 * Otherwise of directories' entries those up to one of them, and of bytes: `prefix`: the same; `sectors`: some sectors, and zeros
 * in the place of others; `garbage`: some, and what was on the disk before.
 */
export const remains = ['killed', 'none', 'all', 'prefix', 'sectors', 'garbage'] as const;
export type Remains = (typeof remains)[number];

/** Bytes that a disk writes at once. */
const sectorBytes = 512;

/** @param to a folder that does not exist; @param random as `Math.random` */
export function rebuild(disk: Recorded, moment: number, left: Remains, to: string, random: () => number): void {
  const { entries, files } = entriesAt(disk, moment, left, random);
  mkdirSync(to, { recursive: true });
  for (const [path, file] of [...entries].sort(([one], [other]) => one.length - other.length)) {
    const place = join(to, relative(disk.root, path));
    // A directory that is not there has no files either.
    if (file === undefined) makeIn(to, place);
    else if (entries.has(dirname(path)) || dirname(path) === disk.root)
      writeFileSync(place, contentAt(disk, files, file, moment, left, random));
  }
}

function makeIn(to: string, place: string): void {
  try {
    mkdirSync(place);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || !place.startsWith(to)) throw error;
  }
}

/** Rejects where the folder is not what was recorded: the code under test has found another way to change files. */
export function assertRecorded(disk: Recorded, to: string): void {
  rebuild(disk, Number.POSITIVE_INFINITY, 'killed', to, () => 0);
  assert.deepEqual(filesIn(to), filesIn(disk.root));
  rmSync(to, { recursive: true });
}

/** Who holds a directory is no part of what a power cut leaves. */
const holds = /^meterbridge\.(?:held|owner\.\d+)$/;

function filesIn(folder: string): ReadonlyMap<string, Buffer> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !holds.test(entry.name),
  );
  const paths = files.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return new Map(paths.map((path) => [relative(folder, path), readFileSync(path)]));
}

type Entries = ReadonlyMap<string, number | undefined>;

function entriesAt({ base, entries: ops, syncs }: Recorded, moment: number, left: Remains, random: () => number) {
  const entries = new Map<string, number | undefined>(base.directories.map((path) => [path, undefined]));
  const files = new Map<number, Buffer>();
  for (const [path, { file, bytes }] of base.files) {
    entries.set(path, file);
    files.set(file, bytes);
  }
  const begun = ops.filter(({ began }) => began < moment);
  const isSynced = ({ path, ended }: EntryOp) =>
    ended !== undefined &&
    syncs.some(
      (sync) =>
        sync.kind === 'directory' && sync.path === dirname(path) && sync.began >= ended && (sync.ended ?? moment) < moment,
    );
  const kept = left === 'killed' ? begun : keptOf(begun, isSynced, left, random);
  for (const op of kept) apply(entries, op);
  return { entries: entries as Entries, files };
}

/** File systems with a journal note what happens to directories in its order. */
function keptOf(
  ops: readonly EntryOp[],
  isSynced: (op: EntryOp) => boolean,
  left: Remains,
  random: () => number,
): readonly EntryOp[] {
  const upTo = left === 'all' ? ops.length : left === 'none' ? 0 : Math.floor(random() * (ops.length + 1));
  return ops.filter((op, at) => at < upTo || isSynced(op));
}

function apply(entries: Map<string, number | undefined>, op: EntryOp): void {
  const { path } = op;
  if (op.kind === 'create') entries.set(path, op.file);
  else if (op.kind === 'mkdir') entries.set(path, undefined);
  else if (op.kind === 'unlink') entries.delete(path);
  else if (entries.has(path)) {
    entries.set(op.to, entries.get(path));
    entries.delete(path);
  }
}

function contentAt(
  { data, syncs }: Recorded,
  files: ReadonlyMap<number, Buffer>,
  file: number,
  moment: number,
  left: Remains,
  random: () => number,
): Buffer {
  const ops = data.filter((op) => op.file === file && op.began < moment);
  const isSynced = ({ ended }: DataOp) =>
    ended !== undefined &&
    syncs.some((sync) => sync.kind === 'file' && sync.file === file && sync.began >= ended && (sync.ended ?? moment) < moment);
  const unsynced = ops.filter((op) => !isSynced(op));
  const synced = ops.filter(isSynced).reduce(changed, Buffer.from(files.get(file) ?? []));
  const all = left === 'killed' ? unsynced.map((op) => soFar(op, moment, random)) : leftOf(unsynced, left, random);
  return all.reduce(changed, synced);
}

/** Of a write that is under way, the system has some. */
function soFar(op: DataOp, moment: number, random: () => number): DataOp {
  if (op.kind !== 'write' || (op.ended ?? moment) < moment) return op;
  return { ...op, bytes: op.bytes.subarray(0, Math.floor(random() * (op.bytes.length + 1))) };
}

function leftOf(ops: readonly DataOp[], left: Remains, random: () => number): readonly DataOp[] {
  if (left === 'all') return ops;
  if (left === 'none') return [];
  if (left !== 'prefix') return ops.flatMap((op) => scattered(op, left === 'garbage', random));
  let bytes = Math.floor(random() * (1 + ops.reduce((sum, op) => sum + lengthOf(op), 0)));
  const kept: DataOp[] = [];
  for (const op of ops) {
    if (bytes <= 0) break;
    kept.push(op.kind === 'write' ? { ...op, bytes: op.bytes.subarray(0, bytes) } : op);
    bytes -= lengthOf(op);
  }
  return kept;
}

function lengthOf(op: DataOp): number {
  return op.kind === 'write' ? op.bytes.length : 1;
}

function scattered(op: DataOp, isGarbage: boolean, random: () => number): readonly DataOp[] {
  if (op.kind === 'truncate') return random() < 1 / 2 ? [op] : [];
  const parts: DataOp[] = [];
  const end = op.position + op.bytes.length;
  for (let at = op.position; at < end; ) {
    const next = Math.min(end, (Math.floor(at / sectorBytes) + 1) * sectorBytes);
    const bytes = op.bytes.subarray(at - op.position, next - op.position);
    const stale = isGarbage
      ? Buffer.alloc(bytes.length, Buffer.from([Math.floor(random() * 256), 0x4d, 0x42]))
      : Buffer.alloc(bytes.length);
    parts.push({ ...op, position: at, bytes: random() < 1 / 2 ? bytes : stale });
    at = next;
  }
  return parts;
}

function changed(bytes: Buffer, op: DataOp): Buffer {
  const end = op.kind === 'write' ? op.position + op.bytes.length : op.length;
  const grown = end > bytes.length ? Buffer.concat([bytes, Buffer.alloc(end - bytes.length)]) : bytes;
  if (op.kind === 'truncate') return grown.subarray(0, op.length);
  op.bytes.copy(grown, op.position);
  return grown;
}
