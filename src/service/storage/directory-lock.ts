/**
 * One process holds a directory at a time, by a lock of the kernel where there is one, and by an owner file, which says so on
 * whatever file system and to whichever machine. Neither alone is enough: see the page "Storage" of the documentation.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  newestOwner,
  type Owner,
  type OwnerFile,
  ownerText,
  type Place,
  placeOf,
  takeOver,
} from '../../core/directory/owner-files.ts';
import { createStanding } from '../../core/directory/standing.ts';
import { isRunning, thisProcess } from '../../core/directory/this-process.ts';
import { type FormerLock, formerHolder, takeFormerLock } from './former-lock.ts';
import { hold } from './holding.ts';
import { type KernelLock, takeKernelLock } from './kernel-lock.ts';

export interface DirectoryLock {
  /** Why this process does not hold the directory any more, or not now. Undefined: it does. */
  lost(): Error | undefined;
  /** How often that has begun. */
  losses(): number;
  release(): Promise<void>;
}

export interface LockOptions {
  /** How long it waits for another process to leave. Whether that one lives can take longer to see. */
  readonly waitMs: number;
  readonly warn: (message: string) => void;
}

class DirectoryInUse extends Error {
  override readonly name = 'DirectoryInUse';
}

const againMs = 50;
/** Of processes that start together, each keeps the others from the kernel's lock for a moment. */
const leastWaitMs = 500;

/** @throws DirectoryInUse, and where the directory cannot be held */
export async function lockDirectory(directory: string, { waitMs, warn }: LockOptions): Promise<DirectoryLock> {
  const endBy = performance.now() + Math.max(waitMs, leastWaitMs);
  const isOver = () => performance.now() >= endBy;
  const kernel = await kernelLock(directory, isOver);
  try {
    const owner: Owner = {
      id: randomUUID(),
      ...thisProcess(),
      host: hostname(),
      directory: placeOf(directory),
      lock: kernel?.file,
    };
    const number = await own(directory, owner, isOver, warn);
    const holding = hold({ directory, number, owner, warn });
    try {
      const former = await formerLock(directory, isOver);
      const release = async () => {
        holding.end();
        await former.release();
        kernel?.release();
      };
      return { lost: holding.lost, losses: holding.losses, release };
    } catch (error) {
      holding.end();
      throw error;
    }
  } catch (error) {
    kernel?.release();
    throw error;
  }
}

/** Undefined: there is none here. */
async function kernelLock(directory: string, isOver: () => boolean): Promise<KernelLock | undefined> {
  for (;;) {
    const lock = takeKernelLock(directory);
    if (lock !== 'busy') return lock;
    if (isOver()) throw inUse(directory, holderOf(directory));
    // Not in step with others that try.
    await sleep(againMs * (1 + Math.random()));
  }
}

/** Returns the number of the owner file. */
async function own(directory: string, owner: Owner, isOver: () => boolean, warn: (message: string) => void): Promise<number> {
  let hasWarned = false;
  const standing = createStanding();
  for (;;) {
    const before = newest(directory);
    const lives = before === undefined ? false : isAlive(before, owner, standing);
    // One whose owner file stands still may be stopped, and live: the kernel keeps its socket. Its owner file stays as it is
    // then.
    const listens = lives === false ? await formerHolder(directory) : undefined;
    if (listens !== undefined && isOver()) throw inUse(directory, listener(listens) ?? holderOf(directory));
    const number = lives === false && listens === undefined ? next(directory, before, ownerText(owner, 0)) : undefined;
    if (number !== undefined) return number;
    if (lives === true && isOver()) throw inUse(directory, nameOf(before?.owner));
    if (lives === undefined && !hasWarned && isOver()) {
      warn(
        `storage: ${before?.path} names ${nameOf(before?.owner)}, which may live: the start waits until that file has stood still for 10 s`,
      );
      hasWarned = true;
    }
    await sleep(againMs);
  }
}

/** Undefined: it is not clear yet. */
function isAlive({ state, owner }: OwnerFile, own: Owner, standing: ReturnType<typeof createStanding>): boolean | undefined {
  if (owner === undefined) return standing(state);
  const isNear = owner.boot !== undefined && owner.boot === own.boot;
  if (owner.hasLeft === true || (isNear && isCopy(owner.directory, own.directory))) return false;
  const runs = isRunning(owner);
  if (runs !== undefined) return runs;
  // It would still have the lock of the kernel that this process has.
  return isNear && isSame(owner.lock, own.lock) ? false : standing(state);
}

function isSame(one: Place | undefined, other: Place | undefined): boolean {
  return one !== undefined && one[0] === other?.[0] && one[1] === other[1];
}

/** The owner file came here with a copy of another directory. */
function isCopy(of: Place | undefined, here: Place | undefined): boolean {
  return of !== undefined && of[0] === here?.[0] && of[1] !== here[1];
}

function newest(directory: string): OwnerFile | undefined {
  return held(directory, () => newestOwner(directory));
}

function next(directory: string, before: OwnerFile | undefined, text: string): number | undefined {
  return held(directory, () => takeOver(directory, before, text));
}

function held<T>(directory: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(`${directory} cannot be held: ${String(error)}. Fix: let this user write there, or write another directory`);
  }
}

async function formerLock(directory: string, isOver: () => boolean): Promise<FormerLock> {
  for (;;) {
    const taken = await takeFormerLock(directory);
    if (typeof taken !== 'string') return taken;
    if (isOver()) throw inUse(directory, listener(taken) ?? 'another process');
    await sleep(againMs);
  }
}

function inUse(directory: string, who: string): DirectoryInUse {
  return new DirectoryInUse(`${directory} is in use by ${who}. Fix: end it, or write another directory`);
}

/** @param said by the process that listens at the former lock */
function listener(said: string): string | undefined {
  return /^\d+$/.test(said) ? `the process ${said}` : undefined;
}

/** What the owner file says may be of a process that has ended. */
function holderOf(directory: string): string {
  const owner = newestOwner(directory)?.owner;
  return nameOf(owner?.hasLeft === true || (owner && isRunning(owner) === false) ? undefined : owner);
}

function nameOf(owner: Owner | undefined): string {
  if (owner === undefined) return 'another process';
  const { boot, pids } = thisProcess();
  if (owner.boot === boot && owner.pids === pids) return `the process ${owner.pid}`;
  return `the process ${owner.pid} on ${owner.host ?? 'another machine'}${owner.boot === boot ? ', in another container' : ''}`;
}
