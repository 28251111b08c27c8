/** Old files beside the one that is written: their names, which are the Collector's, and which of them are kept. */
import { readdir, rename, unlink } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

const dayMs = 86_400_000;
/** Go's layout `2006-01-02T15-04-05.000`. */
const stamp = /^(\d{4})-(\d\d)-(\d\d)T(\d\d)-(\d\d)-(\d\d)\.(\d{3})$/;

export interface BackupRules {
  readonly path: string;
  /** 0: for ever. */
  readonly maxDays: number;
  /** 0: all. */
  readonly maxBackups: number;
  readonly localtime: boolean;
}

/** The path of an old file: `metrics-2026-11-23T03-04-05.678-size.jsonl`. @param ms when it was renamed */
export function backupPath({ path, localtime }: Pick<BackupRules, 'path' | 'localtime'>, ms: number): string {
  const { prefix, extension } = partsOf(path);
  return join(dirname(path), `${prefix}${stampOf(ms, localtime)}-size${extension}`);
}

/**
 * Removes what is too old, or too much: the newest are kept. Returns the files that could not be removed, each with its error.
 */
export async function removeBackups(rules: BackupRules, nowMs: number): Promise<readonly string[]> {
  const { path, maxDays, maxBackups } = rules;
  if (maxDays === 0 && maxBackups === 0) return [];
  const found: { readonly name: string; readonly ms: number }[] = [];
  for (const name of await readdir(dirname(path))) {
    const ms = timeOf(rules, name);
    if (ms !== undefined) found.push({ name, ms });
  }
  found.sort((a, b) => b.ms - a.ms);
  const times = [...new Set(found.map(({ ms }) => ms))];
  const oldest = maxBackups === 0 ? undefined : times[maxBackups - 1];
  const from = Math.max(oldest ?? Number.NEGATIVE_INFINITY, maxDays === 0 ? Number.NEGATIVE_INFINITY : nowMs - maxDays * dayMs);
  const failures: string[] = [];
  for (const { name } of found.filter(({ ms }) => ms < from)) {
    await unlink(join(dirname(path), name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') failures.push(`${name}: ${error.message}`);
    });
  }
  return failures;
}

/** Gives the names of today to old files that a Collector before v0.155 left: they had no `-size`. */
export async function renameOldNames({ path, localtime }: BackupRules): Promise<void> {
  const { prefix, extension } = partsOf(path);
  const folder = dirname(path);
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix) || !name.endsWith(extension)) continue;
    const middle = name.slice(prefix.length, name.length - extension.length);
    if (msOf(middle, localtime) !== undefined)
      await rename(join(folder, name), join(folder, `${prefix}${middle}-size${extension}`));
  }
}

function partsOf(path: string): { readonly prefix: string; readonly extension: string } {
  const extension = extensionOf(path);
  const name = basename(path);
  return { prefix: `${name.slice(0, name.length - extension.length)}-`, extension };
}

/** From the last dot on, as Go has it: also of `.jsonl`, which to Node.js has none. */
function extensionOf(path: string): string {
  const name = basename(path);
  return name.lastIndexOf('.') === 0 ? name : extname(name);
}

/** Undefined: not the name of an old file. The reason behind the time may be any word. */
function timeOf({ path, localtime }: BackupRules, name: string): number | undefined {
  const { prefix, extension } = partsOf(path);
  if (!name.startsWith(prefix)) return undefined;
  const ending = ['', '.gz', '.zst'].map((suffix) => extension + suffix).find((one) => name.endsWith(one));
  if (ending === undefined) return undefined;
  const middle = name.slice(prefix.length, name.length - ending.length);
  const reason = middle.lastIndexOf('-');
  return reason === -1 ? undefined : msOf(middle.slice(0, reason), localtime);
}

function stampOf(ms: number, localtime: boolean): string {
  const utc = new Date(localtime ? ms - new Date(ms).getTimezoneOffset() * 60_000 : ms);
  return utc.toISOString().slice(0, -1).replaceAll(':', '-');
}

function msOf(text: string, localtime: boolean): number | undefined {
  const parts = stamp.exec(text)?.slice(1).map(Number);
  if (parts === undefined) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, ms = 0] = parts;
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59) return undefined;
  return localtime
    ? new Date(year, month - 1, day, hour, minute, second, ms).getTime()
    : Date.UTC(year, month - 1, day, hour, minute, second, ms);
}
