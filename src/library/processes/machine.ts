/**
 * One machine at a time has the directory: from another one, all sockets in it are silent, and running processes would be taken
 * for ended. All processes of the machine have one owner file, whose id is that of the machine's start.
 */
import { rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { type OwnFile, ownFile } from '../../core/directory/own-file.ts';
import { newestOwner, type Owner, ownerText, takeOver } from '../../core/directory/owner-files.ts';
import { createStanding } from '../../core/directory/standing.ts';
import { thisProcess } from '../../core/directory/this-process.ts';

export interface Machine {
  /** Waits until it is clear which machine has the directory. False: another one, or `signal` ended the wait. */
  settle(signal: AbortSignal): Promise<boolean>;
  /** Says to other machines that this one lives. False: another one has the directory. */
  beat(): boolean;
  /** No process of this machine is left. */
  leave(): void;
}

const againMs = 50;

/**
 * `directory`: where the processes are now. `onOther` receives what the log says, once. Where the system has no id for the
 * machine's start, or nothing can be read or written, this machine has it: what fails is named where records are written.
 */
export function createMachine(directory: () => string, onOther: (line: string) => void): Machine {
  const identity = thisProcess();
  const { boot } = identity;
  const owner: Owner = { id: boot ?? '', ...identity, host: hostname() };
  let own: OwnFile | undefined;

  /** Undefined: it is not clear yet. `lives`: whether the machine of another owner file does. */
  function look(lives: (state: string) => boolean | undefined): boolean | undefined {
    const before = newestOwner(directory());
    const isOwn = before?.owner?.id === owner.id;
    const hasOther = before === undefined || isOwn ? false : lives(before.state);
    if (hasOther === undefined) return undefined;
    if (hasOther) {
      onOther(lineOf(before?.owner));
      return false;
    }
    const number = isOwn ? before?.number : takeOver(directory(), before, ownerText(owner, 0));
    if (number === undefined) return undefined;
    own = ownFile(directory(), number, owner);
    return true;
  }

  function lineOf(other: Owner | undefined): string {
    const who = other?.host === undefined ? 'another machine' : `the processes of another machine (${other.host})`;
    return `processes: ${directory()} is in use by ${who}: this process shows and pushes its own series alone. Fix: give each machine a directory of its own`;
  }

  function lookOrGoOn(lives: (state: string) => boolean | undefined): boolean | undefined {
    try {
      return boot === undefined || look(lives);
    } catch {
      return true;
    }
  }

  function isBeating(): boolean {
    try {
      return own?.beat() === true;
    } catch {
      return false;
    }
  }

  return Object.freeze<Machine>({
    async settle(signal) {
      const standing = createStanding();
      for (;;) {
        const isOurs = lookOrGoOn(standing);
        if (isOurs !== undefined || signal.aborted) return isOurs === true;
        await sleep(againMs, undefined, { signal, ref: false }).catch(() => {});
      }
    },
    // Its file was removed, or another machine has taken this one for ended.
    beat: () => isBeating() || lookOrGoOn(() => true) !== false,
    leave() {
      try {
        if (own?.isOwn() === true) rmSync(own.path);
      } catch {
        // It has gone.
      }
    },
  });
}
