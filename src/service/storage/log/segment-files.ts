/**
 * The files of a log: `meterbridge-NAME-NUMBER.segment`, a number of twelve digits. The Collector's own files have no such names.
 */
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openFit } from '../../../core/directory/foreign-file.ts';
import { newestOwner } from '../../../core/directory/owner-files.ts';
import { mostSegmentBytes } from './format.ts';
import { openBytes, type SegmentBytes } from './segment-bytes.ts';

const digits = 12;
const ending = '.segment';
const segmentName = /^meterbridge-(.+)-\d{12}\.segment$/;
/** Numbers grow by one from 1, so no log gets here; a file that does would leave no numbers for what is written next. */
const mostNumber = 10 ** (digits - 1);
/** Files that a line names. */
const mostNamed = 5;

export interface SegmentFiles {
  /** Ascending. */
  readonly numbers: readonly number[];
  /** No file has this number or a later one. */
  readonly next: number;
  /** Undefined: it is left out. @throws errors of the system */
  open(number: number): Promise<SegmentBytes | undefined>;
  /** What is left out, in one line. Undefined: nothing is. */
  leftOut(): Promise<string | undefined>;
}

const prefixOf = (name: string) => `meterbridge-${name}-`;

export function segmentFile(directory: string, name: string, number: number): string {
  return join(directory, `${prefixOf(name)}${String(number).padStart(digits, '0')}${ending}`);
}

/** The segments of a log, in a directory that anyone may have put something into. */
export async function segmentFiles(directory: string, name: string): Promise<SegmentFiles> {
  const prefix = prefixOf(name);
  const left = new Map<string, string>();
  const all: number[] = [];
  for (const file of await readdir(directory)) {
    const number = file.startsWith(prefix) && file.endsWith(ending) ? file.slice(prefix.length, -ending.length) : '-';
    // Of another log, whose name begins as this one's.
    if (number.includes('-')) continue;
    if (/^\d{12}$/.test(number) && Number(number) < mostNumber) all.push(Number(number));
    else left.set(file, 'no segment has this number');
  }
  const numbers = all.sort((one, other) => one - other);
  const fit = { mostBytes: mostSegmentBytes, users: await usersOf(directory) };

  async function open(number: number): Promise<SegmentBytes | undefined> {
    const path = segmentFile(directory, name, number);
    const opened = await openFit(path, fit);
    if (opened === undefined) return undefined;
    if (!('why' in opened)) return openBytes(opened);
    if (opened.code !== undefined) throw new Error(`${path}: ${opened.why}. Fix: let this user read it, or move it away`);
    left.set(path.slice(directory.length + 1), opened.why);
    return undefined;
  }

  return {
    numbers,
    next: (numbers.at(-1) ?? 0) + 1,
    open,
    async leftOut() {
      if (left.size === 0) return undefined;
      const named = [...left].slice(0, mostNamed);
      const texts = await Promise.all(
        named.map(async ([file, why]) => `${file} (${why}, ${await sizeOf(join(directory, file))} bytes)`),
      );
      const more = left.size > mostNamed ? ` and ${left.size - mostNamed} more` : '';
      const [files, are, them] = left.size === 1 ? ['file', 'is', 'it'] : ['files', 'are', 'them'];
      const what = `${left.size} ${files} of ${directory} ${are} left out, and nothing in ${them} is sent or shown`;
      return `storage: ${what}: ${texts.join(', ')}${more}. Fix: move ${them} away`;
    },
  };
}

/** Who may have written segments: this process, as whom the file system makes its files, and who has the directory. */
async function usersOf(directory: string): Promise<readonly (number | undefined)[]> {
  const paths = [directory, newestOwner(directory)?.path ?? directory];
  return [process.geteuid?.(), ...(await Promise.all(paths.map(async (path) => (await lstat(path)).uid)))];
}

/** The names of the logs there. */
export async function logNames(directory: string): Promise<readonly string[]> {
  return [...(await logsIn(directory)).keys()];
}

/** The logs of a directory: by name, the bytes of their segments. */
export async function logsIn(directory: string): Promise<ReadonlyMap<string, number>> {
  const logs = new Map<string, number>();
  for (const file of await readdir(directory)) {
    const name = segmentName.exec(file)?.[1];
    if (name !== undefined) logs.set(name, (logs.get(name) ?? 0) + (await sizeOf(join(directory, file))));
  }
  return logs;
}

/** 0: it is no regular file, or has gone meanwhile. */
async function sizeOf(path: string): Promise<number> {
  const stats = await lstat(path).catch(() => undefined);
  return stats?.isFile() === true ? stats.size : 0;
}
