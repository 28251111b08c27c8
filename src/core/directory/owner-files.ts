/**
 * Files that say who holds a directory: `meterbridge.owner.NUMBER`. The one with the highest number counts. Whoever takes the
 * directory over makes the next one, which only one process can do on any file system, and removes those before it. So a former
 * holder finds its own gone.
 */
import { lstatSync, readdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFit } from './foreign-file.ts';
import type { ProcessIdentity } from './this-process.ts';

/** The numbers of its device, and on that its own. */
export type Place = readonly [device: string, inode: string];

export interface Owner extends ProcessIdentity {
  /** No other process writes it. */
  readonly id: string;
  /** The machine's name, for messages. */
  readonly host?: string | undefined;
  /** Which directory it is, on its machine. Undefined: that is not known. */
  readonly directory?: Place | undefined;
  /** The file whose lock of the kernel it has, likewise. */
  readonly lock?: Place | undefined;
  /** It has left the directory. */
  readonly hasLeft?: true | undefined;
}

export interface OwnerFile {
  readonly path: string;
  readonly number: number;
  /** Changes while its process lives. */
  readonly state: string;
  /** Undefined: it says nothing. */
  readonly owner: Owner | undefined;
}

/** `FUSE_SUPER_MAGIC`, of statfs(2). */
const fuse = 0x65735546;
const prefix = 'meterbridge.owner.';
/** Numbers that have one behind them. */
const ownerName = /^meterbridge\.owner\.(\d{1,15})$/;
const mostNumber = 10 ** 15 - 1;
const mostBytes = 4 * 1024;

/**
 * Undefined: the file system is a program, which may show one file at several places, and asks the kernel for the locks of all as
 * one process.
 */
export function placeOf(path: string): Place | undefined {
  if (statfsSync(path).type === fuse) return undefined;
  const { dev, ino } = lstatSync(path, { bigint: true });
  return [String(dev), String(ino)];
}

export const ownerPath = (directory: string, number: number): string => join(directory, `${prefix}${number}`);

/** What begins a file of this owner. */
export const beginningOf = (id: string): string => `{"id":"${id}"`;

/** @param beat another one each time that it is written. A text has the length of the one before it, or is longer. */
export function ownerText({ id, ...owner }: Owner, beat: number): string {
  return `${JSON.stringify({ id, beat: String(beat).padStart(12, '0'), ...owner })}\n`;
}

/** Undefined: nobody has held the directory. @throws errors of the system */
export function newestOwner(directory: string): OwnerFile | undefined {
  const number = Math.max(...numbersIn(directory));
  return number < 0 ? undefined : readOwner(directory, number);
}

function readOwner(directory: string, number: number): OwnerFile {
  const path = ownerPath(directory, number);
  const read = readFit(path, { mostBytes, users: undefined });
  if (!Buffer.isBuffer(read)) {
    const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    return { path, number, state: `${read?.why} ${changed}`, owner: undefined };
  }
  const state = read.toString('utf8');
  return { path, number, state, owner: parsed(state) };
}

/** It has been written by anyone. */
function parsed(text: string): Owner | undefined {
  try {
    const given = JSON.parse(text);
    const isText = (name: string) => given[name] === undefined || typeof given[name] === 'string';
    const isOwner = typeof given.id === 'string' && Number.isSafeInteger(given.pid) && given.pid > 0;
    const isPlace = (place: unknown) =>
      place === undefined || (Array.isArray(place) && place.every((one) => typeof one === 'string'));
    return isOwner && ['boot', 'pids', 'start', 'host'].every(isText) && [given.directory, given.lock].every(isPlace)
      ? given
      : undefined;
  } catch {
    return undefined;
  }
}

/** With -1, so that there is a highest one. */
function numbersIn(directory: string): readonly number[] {
  return [-1, ...readdirSync(directory).flatMap((name) => Number(ownerName.exec(name)?.[1] ?? Number.NaN))].filter(
    (number) => number >= -1,
  );
}

/**
 * Makes the owner file behind this one, and removes those before it. Undefined: another process has done so.
 * @throws errors of the system, and where a former holder could not see that the directory was taken over
 */
export function takeOver(directory: string, before: OwnerFile | undefined, text: string): number | undefined {
  const number = (before?.number ?? 0) + 1;
  const path = ownerPath(directory, number);
  if (number > mostNumber) throw new Error(`${before?.path} has a number that is too high. Fix: delete it`);
  try {
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    rmSync(path, { force: true });
    throw error;
  }
  // Of two that saw an older state, one may have made a number that was removed before.
  const numbers = numbersIn(directory);
  if (numbers.some((other) => other > number)) {
    rmSync(path, { force: true });
    return undefined;
  }
  for (const former of numbers) if (former >= 0 && former < number) removeFormer(directory, former);
  return number;
}

function removeFormer(directory: string, number: number): void {
  const path = ownerPath(directory, number);
  try {
    rmSync(path, { force: true });
  } catch (error) {
    // Nobody holds the directory by what is no file.
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) throw error;
  }
}
